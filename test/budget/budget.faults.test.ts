import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { openBudget } from '../../src/budget/open-budget.ts'
import { temporaryFolder } from '../support/folder.ts'
import { bundleChild, ended, spawnChild } from '../support/run-child.ts'

interface Spender {
  readonly child: ChildProcess
  /** The next line that it says. */
  line(): Promise<string | undefined>
}

async function createCache() {
  const folder = await temporaryFolder()
  const file = await bundleChild('originals/children/spend-budget.ts', folder)
  const dir = join(folder, 'cache')
  return {
    dir,
    spend(images: number, requests: number): Spender {
      const child = spawnChild(file, dir, `${images}`, `${requests}`)
      onTestFinished(() => {
        child.kill('SIGKILL')
      })
      if (!child.stdout) throw new Error('no output')
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      return { child, line: async () => (await lines.next()).value }
    },
    open: (images: number) =>
      openBudget({
        cacheDir: dir,
        limits: { images },
        ttl: 1_500,
        heartbeat: 100,
        onWarning: message => {
          throw new Error(message)
        },
      }),
  }
}

test('eight processes that reserve at once get no more than there is', async () => {
  const { spend, open } = await createCache()
  const spenders = Array.from({ length: 8 }, () => spend(10, 3))
  const ends = spenders.map(({ child }) => ended(child))
  const said = await Promise.all(spenders.map(({ line }) => line()))
  expect(said.filter(line => line === 'reserved')).toHaveLength(3)
  expect(said.filter(line => line === 'refused BudgetError')).toHaveLength(5)
  for (const { child } of spenders) child.stdin?.on('error', () => undefined).end('go\n')
  await Promise.all(ends)
  expect(await open(10).usage()).toMatchObject({ used: 9, limit: 10 })
})

test('processes that are killed at any moment never let more through', async () => {
  const { spend, open } = await createCache()
  let counted = 0
  for (let round = 0; round < 6; round++) {
    const spenders = Array.from({ length: 4 }, () => spend(12, 3))
    for (const { child } of spenders) {
      child.stdout?.on('data', (text: Buffer) => {
        counted += text.toString().split('counted').length - 1
      })
      child.stdin?.on('error', () => undefined).end('go\n')
    }
    const ends = spenders.map(({ child }) => ended(child))
    await spenders[0]?.line()
    for (const { child } of spenders.slice(0, 2)) child.kill('SIGKILL')
    await Promise.all(ends)
    expect(counted).toBeLessThanOrEqual(12)
  }
  const { used } = await open(12).usage()
  expect(used).toBeGreaterThanOrEqual(counted)
  expect(used).toBeLessThanOrEqual(12)
})

test('what a killed process had reserved is free, and what it had counted is not', async () => {
  const { spend, open } = await createCache()
  const spender = spend(5, 4)
  expect(await spender.line()).toBe('reserved')
  spender.child.kill('SIGKILL')
  const run = await open(5).reserve({ requests: ['a', 'b', 'c', 'd', 'e'], list: '', example: '' })
  await run.release()
  expect((await open(5).usage()).used).toBe(0)
})

test('one that was suspended until it counted as dead reserves anew what it still wants', async () => {
  const { spend, open } = await createCache()
  const spender = spend(3, 3)
  expect(await spender.line()).toBe('reserved')
  spender.child.kill('SIGSTOP')
  const budget = open(3)
  const run = await budget.reserve({ requests: ['a', 'b'], list: '', example: '' })
  spender.child.kill('SIGCONT')
  spender.child.stdin?.end('go\n')
  expect(await spender.line()).toBe('counted')
  expect(await spender.line()).toBe('refused BudgetError')
  await run.allowance('a', 'a').take()
  await run.allowance('b', 'b').take()
  await run.release()
  expect((await budget.usage()).used).toBe(3)
})

test('who is alive keeps what it reserved, and nobody waits long to be told so', async () => {
  const { spend, open } = await createCache()
  const spender = spend(5, 4)
  expect(await spender.line()).toBe('reserved')
  const began = performance.now()
  const refused = open(5).reserve({ requests: ['a', 'b'], list: '', example: '' })
  await expect(refused).rejects.toThrow('and 1 of them is left')
  expect(performance.now() - began).toBeLessThan(1_400)
})
