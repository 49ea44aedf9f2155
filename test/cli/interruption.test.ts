import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bin, prepareBin } from '../support/run-bin.ts'
import { createSite, startCommand } from './running-command.ts'

const PNPM = path.resolve(import.meta.dirname, '../../node_modules/.bin/pnpm')

let bin: Bin

beforeAll(async () => {
  bin = await prepareBin()
})
afterAll(() => bin.remove())

test.each([
  ['directly', () => [process.execPath, bin.file, 'generate']],
  ['through npm', () => ['npm', 'run', 'images']],
  ['through pnpm', () => [PNPM, 'run', 'images']],
])('Ctrl-C keeps every answer that is under way: %s', async (_name, commandOf) => {
  const { api, cwd, kept } = await createSite(bin, 1_500)
  const [command = '', ...args] = commandOf()
  const running = startCommand(command, args, cwd, api.url)
  await expect.poll(() => api.count).toBe(4)
  running.signal('SIGINT')
  await running.ended
  await expect.poll(kept).toBe(4)
  expect(api.count).toBe(4)
  expect(running.text()).toContain('Waiting for 4 requests under way')
  expect(running.text()).not.toContain('Quit')
})

test('Ctrl-C says what came and what was not requested, and ends as shells expect it', async () => {
  const { api, cwd } = await createSite(bin, 1_000)
  const running = startCommand(process.execPath, [bin.file, 'generate'], cwd, api.url)
  await expect.poll(() => api.count).toBe(4)
  running.signal('SIGINT')
  expect(await running.ended).toBe(130)
  expect(running.text()).toContain('4 images were not requested')
  expect(running.text()).toContain('8 images: 4 generated with 4 requests')
})

test('a second Ctrl-C leaves at once and says what may have been billed', async () => {
  const { api, cwd } = await createSite(bin, 60_000)
  const running = startCommand(process.execPath, [bin.file, 'generate'], cwd, api.url)
  await expect.poll(() => api.count).toBe(4)
  running.signal('SIGINT')
  await new Promise(resolve => setTimeout(resolve, 600))
  running.signal('SIGINT')
  expect(await running.ended).toBe(130)
  expect(running.text()).toContain('Quit: 4 requests were under way')
})

test('SIGTERM leaves after 5 s', async () => {
  const { api, cwd } = await createSite(bin, 60_000)
  const running = startCommand(process.execPath, [bin.file, 'generate'], cwd, api.url)
  await expect.poll(() => api.count).toBe(4)
  const began = performance.now()
  running.signal('SIGTERM')
  expect(await running.ended).toBe(143)
  expect(performance.now() - began).toBeGreaterThan(4_900)
  expect(api.count).toBe(4)
})

test('Ctrl-C ends the wait for a retry at once', async () => {
  const { api, cwd } = await createSite(bin, 0)
  api.failWhen('Number', { status: 503, headers: { 'retry-after': '100' }, body: {} })
  const running = startCommand(process.execPath, [bin.file, 'generate'], cwd, api.url)
  await expect.poll(() => running.text()).toMatch(/attempt 2|Attempt 2/)
  const began = performance.now()
  running.signal('SIGINT')
  expect(await running.ended).toBe(130)
  expect(performance.now() - began).toBeLessThan(5_000)
})
