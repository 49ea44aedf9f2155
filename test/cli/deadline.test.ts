import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bin, prepareBin } from '../support/run-bin.ts'
import { createSite, startCommand } from './running-command.ts'

let bin: Bin

beforeAll(async () => {
  bin = await prepareBin()
})
afterAll(() => bin.remove())

function generate(cwd: string, url: string, ...flags: readonly string[]) {
  return startCommand(process.execPath, [bin.file, 'generate', ...flags], cwd, url)
}

test('answers that come before the deadline are kept, and nothing more is requested', async () => {
  const { api, cwd, kept } = await createSite(bin, 0)
  const release = api.hold()
  const running = generate(cwd, api.url, '--deadline', '20s')
  // Without an answer to go by, half of the time is for waiting.
  await expect.poll(running.text).toContain('The deadline is near. No more requests are sent.')
  expect(running.text()).toContain('4 requests under way')
  release()
  expect(await running.ended).toBe(4)
  expect(await kept()).toBe(4)
  expect(api.count).toBe(4)
  expect(running.text()).toContain('4 images were not requested')
})

test('the deadline itself ends the command, and says what may have been billed', async () => {
  const { api, cwd } = await createSite(bin, 0)
  const release = api.hold()
  const running = generate(cwd, api.url, '--deadline', '4s')
  expect(await running.ended).toBe(4)
  release()
  if (api.count > 0) expect(running.text()).toContain(`Quit: ${api.count} requests were under way`)
})

test('a deadline that is far away changes nothing', async () => {
  const { api, cwd, kept } = await createSite(bin, 0)
  expect(await generate(cwd, api.url, '--deadline', '1h').ended).toBe(0)
  expect(await kept()).toBe(8)
})

test.each(['5', '0m', 'soon'])('%s is no deadline', async text => {
  const { api, cwd } = await createSite(bin, 0)
  const running = generate(cwd, api.url, '--deadline', text)
  expect(await running.ended).toBe(2)
  expect(running.text()).toContain('It must be a duration such as 90s, 45m or 2h.')
  expect(api.count).toBe(0)
})

test('an uncertain request has an exit code of its own', async () => {
  const stop = { provider: { retry: { uncertain: 'stop' } } }
  const { api, cwd } = await createSite(bin, 0, stop)
  api.failWhen('Number 3', { drop: true })
  api.failWhen('Number 5', { status: 400, body: { error: { message: 'No' } } })
  const { ended } = generate(cwd, api.url)
  expect(await ended).toBe(3)
})
