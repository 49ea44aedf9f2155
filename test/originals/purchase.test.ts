import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { collect, makeDir, makeOrder, makeOriginals } from './bench.ts'

let api: ApiServer
beforeAll(async () => {
  api = await createApiServer({ scale: 1 / 16 })
})
beforeEach(() => api.reset())
afterAll(() => api.close())

test('buys what is missing once, and serves it from the cache after that', async () => {
  const dir = await makeDir()
  const order = makeOrder('A lighthouse')
  const first = await makeOriginals(dir, api.url)
  expect(await first.originals.look(order.key)).toEqual({ state: 'missing' })
  const progress = collect()
  const bought = await first.originals.acquire(order, progress)
  expect(bought).toMatchObject({ how: 'bought', attempts: 1, possiblyBilledTwice: 0 })
  expect(progress.seen.map(({ type }) => type)).toEqual(['queued', 'sending', 'receiving'])
  expect(api.requests[0]?.requestId).toBe(bought.original.entry.requestId)
  await first.originals.close()

  const second = await makeOriginals(dir, api.url)
  const cached = await second.originals.acquire(order)
  expect(cached).toMatchObject({ how: 'cached', attempts: 0 })
  expect(await readFile(cached.original.path)).toEqual(await readFile(bought.original.path))
  expect(api.count).toBe(1)
  await second.originals.close()
})
