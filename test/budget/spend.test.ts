import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { openBudget } from '../../src/budget/open-budget.ts'
import { type Clock, systemClock } from '../../src/system/clock.ts'
import { temporaryFolder } from '../support/folder.ts'

const MINUTE = 60_000

async function createCache() {
  const dir = await temporaryFolder()
  let passed = 0
  const clock: Clock = { ...systemClock, date: () => new Date(Date.now() + passed) }
  return {
    dir,
    pass(milliseconds: number) {
      passed += milliseconds
    },
    open: (spend?: number, { unknownCost = 0.1, heartbeat = 50 } = {}) =>
      openBudget({
        cacheDir: dir,
        limits: { images: 100, unknownCost, ...(spend !== undefined && { spend }) },
        clock,
        ttl: 400,
        heartbeat,
        onWarning: message => {
          throw new Error(message)
        },
      }),
  }
}

function plan(amounts: Readonly<Record<string, number | undefined>>, spend?: number) {
  const requests = Object.keys(amounts)
  return {
    requests,
    amounts: new Map(
      Object.entries(amounts).flatMap(([name, amount]) =>
        amount === undefined ? [] : [[name, amount] as const],
      ),
    ),
    ...(spend !== undefined && { spend }),
    list: requests.map(name => `  ${name}`).join('\n'),
    example: 'site#a',
  }
}

const spent = (open: Awaited<ReturnType<typeof createCache>>['open'], limit = 1) =>
  open(limit)
    .usage()
    .then(({ spend }) => spend?.used)

async function newestLedger(dir: string) {
  const names = (await readdir(join(dir, 'local/ledger'))).sort()
  const file = join(dir, 'local/ledger', names.at(-1) ?? '')
  return { file, state: JSON.parse(await readFile(file, 'utf8')) }
}

test('bounds what is spent within any 60 minutes, over pipelines that begin anew', async () => {
  const { open, pass } = await createCache()
  for (const name of ['a', 'b']) {
    const run = await open(1).reserve(plan({ [name]: 0.4 }))
    await run.allowance(name, name).take()
    await run.release()
    pass(10 * MINUTE)
  }
  const usage = await open(1).usage()
  expect(usage.spend).toEqual({ used: 0.8, limit: 1, currency: 'USD' })
  await expect(open(1).reserve(plan({ c: 0.4 }))).rejects.toThrow(
    /^This run would cost 0\.40 USD, but `budget\.spend` allows 1\.00 USD within 60 minutes, counted over all processes that use this cache, and 0\.20 USD of that is left\. Nothing was requested:\n {2}c\nRun `imagegen generate --spend 0\.4`, which raises the limit for that run alone, or wait until earlier requests are an hour old, the oldest at \d\d:\d\d\.$/,
  )
  await (await open(1).reserve(plan({ c: 0.2 }))).release()
  pass(42 * MINUTE)
  await (await open(1).reserve(plan({ c: 0.4 }))).release()
  expect(await spent(open)).toBe(0.4)
})

test('reserves the amount of a whole plan, and frees what was not requested', async () => {
  const { open } = await createCache()
  const run = await open(1).reserve(plan({ a: 0.4, b: 0.4 }))
  expect(await spent(open)).toBe(0.8)
  await expect(open(1).reserve(plan({ c: 0.1, d: 0.2 }))).rejects.toMatchObject({
    code: 'BUDGET_EXCEEDED',
    message: expect.stringContaining('or generate fewer: `imagegen generate site#a`.'),
  })
  // Another process that wants the same will adopt it.
  await (await open(1).reserve(plan({ a: 0.4, b: 0.4 }))).release()
  await run.allowance('a', 'a').take()
  expect(await spent(open)).toBe(0.8)
  await run.release()
  expect(await spent(open)).toBe(0.4)
})

test('what was certainly not billed is free again, and an answer says what it cost', async () => {
  const { open } = await createCache()
  const run = await open(1).reserve(plan({ a: 0.4, b: 0.4 }))
  const costOf = ({ cost }: Readonly<Record<string, unknown>>) => Number(cost)
  const first = await run.allowance('a', 'a', costOf).take()
  await first.settle({ cost: 0.15 })
  expect(await spent(open)).toBe(0.55)
  await (await run.allowance('b', 'b', costOf).take()).giveBack()
  expect(await spent(open)).toBe(0.55)
  await (await run.allowance('b', 'b', costOf).take()).settle({ cost: 0.7 })
  expect(await spent(open)).toBe(0.85)
  // A further attempt has to fit.
  await expect(run.allowance('b', 'site#b', costOf).take()).rejects.toThrow(
    'site#b: no further request was sent, because attempts that may have been billed have used up `budget.spend` (1.00 USD). Run `imagegen generate site#b --spend 0.4` to go on.',
  )
  await run.release()
  expect(await spent(open)).toBe(0.85)
})

test('an amount of the run alone bounds it and nothing else', async () => {
  const { open } = await createCache()
  const first = await open(0.4).reserve(plan({ a: 0.4 }))
  await first.allowance('a', 'a').take()
  await expect(open(0.4).reserve(plan({ b: 0.4, c: 0.4 }, 0.5))).rejects.toThrow(
    'This run would cost 0.80 USD, but --spend allows 0.50 USD.',
  )
  const run = await open(0.4).reserve(plan({ b: 0.4, c: 0.4 }, 1))
  await run.allowance('b', 'b').take()
  await (await run.allowance('c', 'c', () => 0.6).take()).settle({})
  await expect(run.allowance('c', 'site#c').take()).rejects.toThrow('have used up --spend 1.00 USD')
  await Promise.all([run.release(), first.release()])
  expect(await spent(open, 0.4)).toBe(1.4)
})

test('without prices the ledger is what it was', async () => {
  const { dir, open } = await createCache()
  const run = await open().reserve(plan({ a: undefined }))
  await run.allowance('a', 'a').take()
  const { state } = await newestLedger(dir)
  expect(Object.keys(state).sort()).toEqual(['changes', 'counted', 'holders', 'version'])
  expect(Object.keys(Object.values<object>(state.holders)[0] ?? {}).sort()).toEqual([
    'at',
    'beat',
    'name',
    'reserved',
  ])
  await run.release()
  expect((await open().usage()).spend).toBeUndefined()
})

/** What versions without amounts read: what they do not know, they drop. */
const olderLedger = v.object({
  version: v.literal(1),
  counted: v.record(v.pipe(v.string(), v.regex(/^\d+$/)), v.number()),
  holders: v.record(
    v.string(),
    v.object({ name: v.string(), beat: v.number(), at: v.string(), reserved: v.array(v.string()) }),
  ),
  changes: v.array(v.string()),
})

test('an older version reads the ledger, and what it drops counts as the dearest price', async () => {
  const { dir, open } = await createCache()
  // Nobody else writes meanwhile.
  const run = await open(1, { heartbeat: MINUTE }).reserve(plan({ a: 0.4, b: 0.2 }))
  await run.allowance('a', 'a').take()
  expect(await spent(open)).toBe(0.6)
  const { file, state } = await newestLedger(dir)
  await writeFile(file, JSON.stringify(v.parse(olderLedger, state)))
  expect(await spent(open)).toBe(0.2)
  await expect(open(0.55, { unknownCost: 0.5 }).reserve(plan({ c: 0.1 }))).rejects.toThrow(
    '`budget.spend` allows 0.55 USD',
  )
  const next = await open(1).reserve(plan({ c: 0.8 }))
  await next.allowance('c', 'c').take()
  await Promise.all([run.release(), next.release()])
  expect(await spent(open)).toBe(0.9)
})
