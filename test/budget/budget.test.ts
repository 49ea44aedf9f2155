import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openBudget } from '../../src/budget/open-budget.ts'
import { type Clock, systemClock } from '../../src/system/clock.ts'
import { temporaryFolder } from '../support/folder.ts'

const MINUTE = 60_000

interface Opened {
  readonly dir: string
  readonly warnings: string[]
  /** Sets the calendar forward, or back. */
  pass(milliseconds: number): void
  open(images: number): ReturnType<typeof openBudget>
}

async function createCache(): Promise<Opened> {
  const dir = await temporaryFolder()
  const warnings: string[] = []
  let passed = 0
  const clock: Clock = { ...systemClock, date: () => new Date(Date.now() + passed) }
  return {
    dir,
    warnings,
    pass(milliseconds) {
      passed += milliseconds
    },
    open: images =>
      openBudget({
        cacheDir: dir,
        limits: { images },
        clock,
        ttl: 400,
        heartbeat: 50,
        onWarning: message => warnings.push(message),
      }),
  }
}

function plan(...requests: readonly string[]) {
  return { requests, list: requests.map(name => `  ${name}`).join('\n'), example: 'site#a' }
}

test('bounds what is requested within any 60 minutes, over pipelines that begin anew', async () => {
  const { open, pass } = await createCache()
  for (const name of ['a', 'b', 'c']) {
    const run = await open(3).reserve(plan(name))
    await run.allowance(name, name).take()
    await run.release()
    pass(10 * MINUTE)
  }
  await expect(open(3).reserve(plan('d'))).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' })
  expect(await open(3).usage()).toMatchObject({ used: 3, limit: 3 })
  pass(29 * MINUTE)
  await expect(open(3).reserve(plan('d'))).rejects.toThrow(/none of them are left/)
  pass(2 * MINUTE)
  const run = await open(3).reserve(plan('d'))
  await run.allowance('d', 'd').take()
  await expect(open(3).reserve(plan('e'))).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' })
  await run.release()
})

test('what was not sent, or not billed, is free again', async () => {
  const { open } = await createCache()
  const run = await open(3).reserve(plan('a', 'b', 'c'))
  await (await run.allowance('a', 'a').take()).giveBack()
  await run.allowance('a', 'a').take()
  await (await run.allowance('b', 'b').take()).giveBack()
  expect(await open(3).usage()).toMatchObject({ used: 3, limit: 3 })
  await run.release()
  expect(await open(3).usage()).toMatchObject({ used: 1, limit: 3 })
})

test('a further attempt after one that may have been billed has to fit as well', async () => {
  const { open } = await createCache()
  const run = await open(2).reserve(plan('a', 'b'))
  await run.allowance('a', 'site#a').take()
  await expect(run.allowance('a', 'site#a').take()).rejects.toThrow(
    'site#a: no further request was sent, because attempts that may have been billed have used up `budget.images` (2)',
  )
  await run.allowance('b', 'site#b').take()
  await run.release()
  expect((await open(2).usage()).used).toBe(2)
})

test('what several processes are about to request counts once', async () => {
  const { open } = await createCache()
  const [first, second] = [await open(2).reserve(plan('a', 'b')), await open(2).reserve(plan('a'))]
  await first.allowance('a', 'a').take()
  expect((await open(2).usage()).used).toBe(2)
  // It would adopt the other's picture; a request of its own is one too many.
  await expect(second.allowance('a', 'a').take()).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' })
  await Promise.all([first.release(), second.release()])
})

test('a budget of the run alone bounds it and nothing else', async () => {
  const { open } = await createCache()
  const first = await open(1).reserve(plan('a'))
  await first.allowance('a', 'a').take()
  await expect(open(1).reserve({ ...plan('b', 'c'), limit: 1 })).rejects.toThrow(
    'This run would generate 2 images, but --budget allows 1.',
  )
  const run = await open(1).reserve({ ...plan('b', 'c'), limit: 2 })
  await run.allowance('b', 'b').take()
  await run.allowance('c', 'c').take()
  await expect(run.allowance('c', 'site#c').take()).rejects.toThrow('have used up --budget 2')
  await Promise.all([run.release(), first.release()])
  expect(await open(1).usage()).toMatchObject({ used: 3, limit: 1 })
})

test('what is kept does not grow', async () => {
  const { dir, open, pass } = await createCache()
  const budget = open(1_000)
  for (let run = 0; run < 60; run++) {
    const reserved = await budget.reserve(plan(`${run}`, `${run}-other`))
    await reserved.allowance(`${run}`, '').take()
    await reserved.release()
    pass(5 * MINUTE)
  }
  const folder = join(dir, 'local/ledger')
  const names = await readdir(folder)
  expect(names.length).toBeLessThanOrEqual(2)
  const newest = await readFile(join(folder, names.sort().at(-1) ?? ''), 'utf8')
  const { counted, holders } = JSON.parse(newest)
  expect(Object.keys(counted).length).toBeLessThanOrEqual(13)
  expect(holders).toEqual({})
})

test.each(['', '{', '[]', '{"version":1}', '\0\0\0'])(
  'a damaged ledger (%j) counts as used up for an hour, and then no longer',
  async text => {
    const { dir, open, pass, warnings } = await createCache()
    await mkdir(join(dir, 'local/ledger'), { recursive: true })
    await writeFile(join(dir, 'local/ledger/00000007.json'), text)
    const error = await open(5)
      .reserve(plan('a'))
      .catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ code: 'BUDGET_EXCEEDED' })
    expect(warnings).toEqual([expect.stringMatching(/ledger .* is damaged, .*--budget N/)])
    const run = await open(5).reserve({ ...plan('a'), limit: 1 })
    await run.allowance('a', 'a').take()
    await run.release()
    pass(59 * MINUTE)
    await expect(open(5).reserve(plan('b'))).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' })
    pass(3 * MINUTE)
    await (await open(5).reserve(plan('b'))).release()
    expect(warnings).toHaveLength(1)
  },
)

test('a ledger of a newer version is left alone', async () => {
  const { dir, open } = await createCache()
  const file = join(dir, 'local/ledger/00000002.json')
  await mkdir(join(dir, 'local/ledger'), { recursive: true })
  await writeFile(file, '{"version":2,"spend":{}}')
  const text = 'was written by a newer version of unplugin-imagegen. Update unplugin-imagegen here'
  await expect(open(5).reserve(plan('a'))).rejects.toThrow(text)
  await expect(open(5).reserve({ ...plan('a'), limit: 1 })).rejects.toThrow(text)
  await expect(open(5).usage()).rejects.toThrow(text)
  expect(await readFile(file, 'utf8')).toBe('{"version":2,"spend":{}}')
})

test('one that cannot be written is an error before the first request', async () => {
  const { dir, open } = await createCache()
  await mkdir(join(dir, 'local'), { recursive: true })
  await writeFile(join(dir, 'local/ledger'), 'a file where a folder belongs')
  await expect(open(5).reserve(plan('a'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
})

test('a calendar that was set back by a year does not stop everything for a year', async () => {
  const { open, pass } = await createCache()
  const run = await open(1).reserve(plan('a'))
  await run.allowance('a', 'a').take()
  await run.release()
  pass(-365 * 24 * 60 * MINUTE)
  await (await open(1).reserve(plan('b'))).release()
})
