import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { filesBelow, makeDependentFolder, temporaryFolder } from '../support/folder.ts'
import {
  bundleChild,
  type ChildOutcome,
  canInjectFaults,
  ended,
  runWithFaults,
  spawnChild,
  traceCalls,
} from '../support/run-child.ts'
import { journalFiles, makeOrder, makeOriginals, quickLeases } from './make-originals.ts'

let api: ApiServer
let child = ''
beforeAll(async () => {
  const folder = await makeDependentFolder()
  api = await createApiServer({ scale: 1 / 16 })
  child = await bundleChild('originals/children/acquire.ts', folder)
  return () => rm(folder, { recursive: true })
})
beforeEach(() => {
  api.reset()
  api.setDelay(0)
})
afterAll(() => api.close())

const kinds = ['mkdir', 'write', 'pwrite64', 'fsync', 'link', 'rename', 'unlink', 'rmdir']
let traced: Promise<{ lines: readonly string[]; dir: string }> | undefined

async function traceOnce() {
  const dir = join(await temporaryFolder(), 'cache')
  return { dir, lines: await traceCalls(kinds, child, dir, api.url, '1', '0', 'A tide') }
}

/** The numbers of a purchase's calls of one kind from the journal on: what comes before sends nothing. */
async function callsFromTheJournalOn(call: string): Promise<number[]> {
  traced ??= traceOnce()
  const { lines, dir } = await traced
  const first = lines.findIndex(line => line.includes('/local/journal'))
  const before = lines.slice(0, first).filter(line => line.includes(` ${call}(`)).length
  return lines
    .filter(line => line.includes(` ${call}(`))
    .flatMap((line, index) => (index >= before && line.includes(dir) ? [index + 1] : []))
}

/** Three at a time: most of a run is waiting. */
async function forEach(numbers: readonly number[], run: (number: number) => Promise<void>) {
  const left = numbers.values()
  const lane = async () => {
    for (const number of left) await run(number)
  }
  await Promise.all([lane(), lane(), lane()])
}

interface Struck {
  readonly dir: string
  readonly outcome: ChildOutcome
  /** Requests that were sent before the fault. */
  readonly sent: number
  /** What the next run made of it, for messages. */
  readonly seen: string
}

/** Runs a purchase with a fault, then another one that has to make the best of what is there. */
async function strike(fault: string): Promise<Struck> {
  const prompt = `A tide with ${fault}`
  const order = makeOrder(prompt)
  const requests = () => api.requests.filter(request => request.prompt === prompt)
  const dir = join(await temporaryFolder(), 'cache')
  const outcome = await runWithFaults([fault], child, dir, api.url, '1', '0', prompt)
  const sent = requests().length
  const left = await journalFiles(dir)
  const answered = left.some(file => file.endsWith('.answer'))
  const { originals } = await makeOriginals(dir, api.url, { leases: quickLeases(dir) })
  const committed = (await originals.status(order.key)).state === 'ready'
  const noted = (await originals.openKeys()).has(order.key)
  const { original, how, possiblyBilledTwice } = await originals.acquire(order)
  const again = requests().length - sent
  const seen = JSON.stringify({ fault, sent, left, committed, noted, how, again, outcome })
  expect(sent, seen).toBeLessThanOrEqual(1)
  if (sent > 0) expect(committed || noted, seen).toBe(true)
  expect(again, seen).toBe(how === 'generated' ? 1 : 0)
  if (answered || committed) expect(again, seen).toBe(0)
  if (sent > 0 && again > 0) expect(possiblyBilledTwice, seen).toBe(1)
  expect(new Set(requests().map(({ requestId }) => requestId)).size, seen).toBe(1)
  await originals.verify(original)
  // What a dead holder has not cleared beside a committed original does no harm.
  if (how !== 'cached') expect(await journalFiles(dir), seen).toEqual([])
  await originals.close()
  return { dir, outcome, sent, seen }
}

describe.skipIf(!canInjectFaults)('a purchase under strace', () => {
  test.each([
    ['mkdir', 7],
    ['write', 4],
    ['pwrite64', 1],
    ['fsync', 13],
    ['link', 4],
    ['rename', 3],
    ['unlink', 7],
    ['rmdir', 1],
  ])('SIGKILL at every %s from the journal on loses nothing', async (call, atLeast) => {
    let kills = 0
    await forEach(await callsFromTheJournalOn(call), async when => {
      const { outcome } = await strike(`${call}:signal=KILL:when=${when}`)
      if (outcome.signal === 'SIGKILL') kills += 1
    })
    expect(kills).toBeGreaterThanOrEqual(atLeast)
  })

  test('a fault of the disk at every fsync from the journal on is told, and loses nothing', async () => {
    const told: string[] = []
    await forEach(await callsFromTheJournalOn('fsync'), async when => {
      const { outcome, sent, seen, dir } = await strike(`fsync:error=EIO:when=${when}`)
      if (outcome.code === 0) return
      const { error } = JSON.parse(outcome.output)
      told.push(error)
      expect(error, seen).toMatch(/input\/output error|EIO/)
      expect(error, seen).toContain(dir)
      expect(error, seen).toMatch(
        sent === 0
          ? /was not requested, because/
          : /may have been billed\. The part that arrived is in|was generated, and its complete answer is in/,
      )
    })
    for (const what of ['was not requested', 'The part that arrived', 'complete answer']) {
      expect(told).toContainEqual(expect.stringContaining(what))
    }
  })
})

interface Line {
  readonly prompt: string
  readonly digest: string
  readonly attempts: number
  readonly possiblyBilledTwice: number
}

const prompts = Array.from({ length: 20 }, (_, index) => `Picture ${index}`)

function start(dir: string, skew = 0, ttl = 1_000) {
  const running = spawnChild(child, dir, api.url, '4', `${skew},${ttl}`, ...prompts)
  onTestFinished(() => {
    running.kill('SIGKILL')
  })
  const outcome = ended(running).then(({ code, output }) => {
    const lines: Line[] = output
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line))
    return { code, lines }
  })
  return { running, outcome }
}

const digests = (lines: readonly Line[]) =>
  new Set(lines.map(({ prompt, digest }) => `${prompt} ${digest}`))

test('six processes that want the same twenty images send twenty requests', async () => {
  api.setDelay(30)
  const dir = await temporaryFolder()
  // Nobody dies here, and on a busy machine nobody must seem to.
  const started = Array.from({ length: 6 }, () => start(dir, 0, 60_000).outcome)
  const ends = await Promise.all(started)
  expect(ends.map(({ code }) => code)).toEqual(Array(6).fill(0))
  expect(api.count).toBe(20)
  const lines = ends.flatMap(({ lines }) => lines)
  expect(lines).toHaveLength(120)
  expect(digests(lines).size).toBe(20)
  expect(lines.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(20)
  // Nothing is left of how they agreed.
  expect(await filesBelow(join(dir, 'local', 'leases'))).toEqual([])
  expect(await filesBelow(join(dir, 'local', 'journal'))).toEqual([])
})

test('processes whose clocks are years apart send twenty requests, and take over from one that dies', async () => {
  const years = 20 * 365 * 86_400_000
  api.setDelay(100)
  const dir = await temporaryFolder()
  const [dying, ...others] = [start(dir, years), start(dir, -years), start(dir)]
  await expect.poll(() => api.count, { timeout: 30_000 }).toBeGreaterThan(3)
  dying?.running.kill('SIGKILL')
  const ends = await Promise.all(others.map(({ outcome }) => outcome))
  expect(ends.map(({ code }) => code)).toEqual([0, 0])
  expect(digests(ends.flatMap(({ lines }) => lines)).size).toBe(20)
  expect(api.count).toBeLessThanOrEqual(20 + 4)
  expect(new Set(api.requests.map(({ requestId }) => requestId)).size).toBe(20)
})

test('holders that are killed, stopped and resumed cost no more than what they had under way', async () => {
  api.setDelay(200)
  const dir = await temporaryFolder()
  const processes = Array.from({ length: 6 }, () => start(dir))
  await expect.poll(() => api.count, { timeout: 30_000 }).toBeGreaterThan(3)
  const [first, second, third, ...others] = processes
  first?.running.kill('SIGKILL')
  third?.running.kill('SIGSTOP')
  await expect.poll(() => api.count, { timeout: 30_000 }).toBeGreaterThan(10)
  second?.running.kill('SIGKILL')
  const ends = await Promise.all(others.map(({ outcome }) => outcome))
  third?.running.kill('SIGCONT')
  ends.push(await (third?.outcome ?? expect.unreachable()))

  expect(ends.map(({ code }) => code)).toEqual(Array(4).fill(0))
  expect(digests(ends.flatMap(({ lines }) => lines)).size).toBe(20)
  // Four requests at once, three holders.
  expect(api.count).toBeLessThanOrEqual(20 + 12)
  expect(new Set(api.requests.map(({ requestId }) => requestId)).size).toBe(20)
})
