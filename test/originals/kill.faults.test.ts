import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { journalFiles, makeDir, makeOrder, makeOriginals, quickLeases } from './bench.ts'

const child = join(import.meta.dirname, 'children', 'acquire.ts')
const node = [process.execPath, '--import', 'jiti/register', child] as const

let api: ApiServer
beforeAll(async () => {
  api = await createApiServer({ scale: 1 / 16 })
})
beforeEach(() => {
  api.reset()
  api.setDelay(0)
})
afterAll(() => api.close())

function hasStrace(): boolean {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function runTraced(options: readonly string[], dir: string): ChildProcess {
  return spawn('strace', ['-f', '-qq', ...options, ...node, dir, api.url, '1', 'A tide'], {
    // One thread for all file system calls, since calls are counted a thread.
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
    stdio: 'ignore',
  })
}

/** Runs a child that is killed at the nth call of a kind; false when it ended before. */
async function killAt(call: string, nth: number, dir: string): Promise<boolean> {
  const inject = `inject=${call}:signal=KILL:when=${nth}`
  const options = ['-o', '/dev/null', '-e', `trace=${call}`, '-e', inject]
  const [code] = await once(runTraced(options, dir), 'exit')
  return code !== 0
}

/** The number of the first call of a kind that concerns the journal: what comes before sends nothing. */
async function firstOfJournal(call: string): Promise<number> {
  const dir = await makeDir()
  const log = join(dir, 'strace.txt')
  await once(runTraced(['-y', '-o', log, '-e', `trace=${call}`], dir), 'exit')
  const calls = (await readFile(log, 'utf8')).split('\n').filter(line => line.includes(`${call}(`))
  return 1 + calls.findIndex(line => line.includes('/journal'))
}

describe.skipIf(!hasStrace())('killed at a system call of a purchase', () => {
  test.each(['fsync', 'rename', 'link', 'unlink'])('%s', async call => {
    const order = makeOrder('A tide')
    let kills = 0
    for (let nth = Math.max(1, await firstOfJournal(call)); ; nth += 1) {
      api.reset()
      const dir = await makeDir()
      if (!(await killAt(call, nth, dir))) break
      kills += 1
      const sent = api.count
      const answered = (await journalFiles(dir)).some(file => file.endsWith('.answer'))
      const { originals } = await makeOriginals(dir, api.url, { leases: quickLeases(dir) })
      const committed = (await originals.look(order.key)).state === 'ready'
      const { original, how, possiblyBilledTwice } = await originals.acquire(order)
      const again = api.count - sent
      const seen = JSON.stringify({ call, nth, sent, answered, committed, how, again })
      expect(sent, seen).toBeLessThanOrEqual(1)
      expect(again, seen).toBe(how === 'bought' ? 1 : 0)
      if (answered || committed) expect(again, seen).toBe(0)
      if (sent > 0 && again > 0) expect(possiblyBilledTwice, seen).toBe(1)
      expect(new Set(api.requests.map(({ requestId }) => requestId)).size, seen).toBe(1)
      await originals.verify(original)
      // What a dead holder has not cleared beside a committed original does no harm.
      if (how !== 'cached') expect(await journalFiles(dir), seen).toEqual([])
      await originals.close()
    }
    expect(kills).toBeGreaterThan(0)
  })
})

interface Line {
  readonly prompt: string
  readonly digest: string
  readonly attempts: number
  readonly possiblyBilledTwice: number
}

const prompts = Array.from({ length: 20 }, (_, index) => `Picture ${index}`)

function start(dir: string) {
  const running: ChildProcess = spawn(node[0], [...node.slice(1), dir, api.url, '4', ...prompts], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  running.stdout?.on('data', chunk => {
    output += chunk
  })
  const ended = once(running, 'close').then(([code, signal]) => {
    const lines: Line[] = output
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line))
    return { code, signal, lines }
  })
  return { running, ended }
}

test('six processes that want the same twenty images send twenty requests', async () => {
  api.setDelay(30)
  const dir = await makeDir()
  const ends = await Promise.all(Array.from({ length: 6 }, () => start(dir).ended))
  expect(ends.map(({ code }) => code)).toEqual(Array(6).fill(0))
  expect(api.count).toBe(20)
  const lines = ends.flatMap(({ lines }) => lines)
  expect(lines).toHaveLength(120)
  expect(new Set(lines.map(({ prompt, digest }) => `${prompt} ${digest}`)).size).toBe(20)
  expect(lines.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(20)
})

test('holders that are killed, stopped and resumed cost no more than what they had under way', async () => {
  api.setDelay(200)
  const dir = await makeDir()
  const processes = Array.from({ length: 6 }, () => start(dir))
  await expect.poll(() => api.count, { timeout: 30_000 }).toBeGreaterThan(3)
  const [first, second, third, ...others] = processes
  first?.running.kill('SIGKILL')
  third?.running.kill('SIGSTOP')
  await expect.poll(() => api.count, { timeout: 30_000 }).toBeGreaterThan(10)
  second?.running.kill('SIGKILL')
  const ends = await Promise.all(others.map(({ ended }) => ended))
  third?.running.kill('SIGCONT')
  ends.push(await (third?.ended ?? expect.unreachable()))

  expect(ends.map(({ code }) => code)).toEqual(Array(4).fill(0))
  const lines = ends.flatMap(({ lines }) => lines)
  expect(new Set(lines.map(({ prompt, digest }) => `${prompt} ${digest}`)).size).toBe(20)
  // Four requests at once, three holders.
  expect(api.count).toBeLessThanOrEqual(20 + 12)
  const ids = new Map(api.requests.map(({ requestId, prompt }) => [requestId, prompt]))
  expect(ids.size).toBe(20)
})
