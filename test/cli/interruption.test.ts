import { type ChildProcess, spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startApi } from '../support/project.ts'
import { type Bin, prepareBin } from '../support/run-bin.ts'
import { createSampleProject } from './sample-project.ts'

const PNPM = path.resolve(import.meta.dirname, '../../node_modules/.bin/pnpm')

let bin: Bin

beforeAll(async () => {
  bin = await prepareBin()
})
afterAll(() => bin.remove())

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  text(): string
  /** To the whole group, as a terminal does. */
  signal(signal: NodeJS.Signals): void
}

function start(command: string, args: readonly string[], cwd: string, url: string): Running {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, LLMEASY_API_KEY: 'test-key', LLMEASY_BASE_URL: url }
  const child = spawn(command, args, { cwd, env, detached: true })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', more => {
      text += more
    })
  }
  const signal = (name: NodeJS.Signals): void => {
    if (child.pid !== undefined) process.kill(-child.pid, name)
  }
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) signal('SIGKILL')
  })
  return { child, text: () => text, signal, ended: new Promise(end => child.on('close', end)) }
}

async function createSite(delay: number) {
  const api = await startApi({ apiKey: 'test-key', scale: 1 / 32, vary: true, delay })
  const images = Array.from(
    { length: 8 },
    (_, index) => `  p${index}: { prompt: Number ${index} }\n`,
  )
  const cwd = await createSampleProject({
    'package.json': JSON.stringify({
      name: 'site',
      scripts: { images: `node ${bin.file} generate` },
    }),
    'imagegen.config.json': '{ "onSizeMismatch": "ignore" }',
    'src/site.image.yaml': `images:\n${images.join('')}`,
  })
  const kept = async (): Promise<number> => {
    const files = await readdir(path.join(cwd, '.imagegen/entries'), { recursive: true }).catch(
      () => [],
    )
    return files.filter(name => name.endsWith('.json')).length
  }
  return { api, cwd, kept }
}

test.each([
  ['directly', () => [process.execPath, bin.file, 'generate']],
  ['through npm', () => ['npm', 'run', 'images']],
  ['through pnpm', () => [PNPM, 'run', 'images']],
])('Ctrl-C keeps every answer that is under way: %s', async (_name, commandOf) => {
  const { api, cwd, kept } = await createSite(1_500)
  const [command = '', ...args] = commandOf()
  const running = start(command, args, cwd, api.url)
  await expect.poll(() => api.count).toBe(4)
  running.signal('SIGINT')
  await running.ended
  await expect.poll(kept).toBe(4)
  expect(api.count).toBe(4)
  expect(running.text()).toContain('Waiting for 4 requests under way')
  expect(running.text()).not.toContain('Quit')
})

test('Ctrl-C says what came and what was not requested, and ends as shells expect it', async () => {
  const { api, cwd } = await createSite(1_000)
  const running = start(process.execPath, [bin.file, 'generate'], cwd, api.url)
  await expect.poll(() => api.count).toBe(4)
  running.signal('SIGINT')
  expect(await running.ended).toBe(130)
  expect(running.text()).toContain('4 images were not requested')
  expect(running.text()).toContain('8 images: 4 bought with 4 requests')
})

test('a second Ctrl-C leaves at once and says what may have been billed', async () => {
  const { api, cwd } = await createSite(60_000)
  const running = start(process.execPath, [bin.file, 'generate'], cwd, api.url)
  await expect.poll(() => api.count).toBe(4)
  running.signal('SIGINT')
  await new Promise(resolve => setTimeout(resolve, 600))
  running.signal('SIGINT')
  expect(await running.ended).toBe(130)
  expect(running.text()).toContain('Quit: 4 requests were under way')
})

test('SIGTERM leaves after 5 s', async () => {
  const { api, cwd } = await createSite(60_000)
  const running = start(process.execPath, [bin.file, 'generate'], cwd, api.url)
  await expect.poll(() => api.count).toBe(4)
  const began = performance.now()
  running.signal('SIGTERM')
  expect(await running.ended).toBe(143)
  expect(performance.now() - began).toBeGreaterThan(4_900)
  expect(api.count).toBe(4)
})

test('Ctrl-C ends the wait for a retry at once', async () => {
  const { api, cwd } = await createSite(0)
  api.failWhen('Number', { status: 503, headers: { 'retry-after': '100' }, body: {} })
  const running = start(process.execPath, [bin.file, 'generate'], cwd, api.url)
  await expect.poll(() => running.text()).toMatch(/attempt 2|Attempt 2/)
  const began = performance.now()
  running.signal('SIGINT')
  expect(await running.ended).toBe(130)
  expect(performance.now() - began).toBeLessThan(5_000)
})
