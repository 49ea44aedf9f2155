import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readEarlierAttempts } from '../../src/originals/journal/earlier-attempts.ts'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { temporaryFolder } from '../support/folder.ts'
import { makeOrder, makeOriginals } from './make-originals.ts'

let api: ApiServer
beforeAll(async () => {
  api = await createApiServer({ scale: 1 / 16 })
})
beforeEach(() => api.reset())
afterAll(() => api.close())

test('an entry remembers the attempts that brought no picture', async () => {
  const { originals } = await makeOriginals(await temporaryFolder(), api.url)
  api.failNext({ drop: true }, { status: 429 })
  const { original } = await originals.acquire(makeOrder('A lighthouse'))
  const { facts, requestId, attempts } = original.entry
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT/)
  expect(attempts).toBe(3)
  expect(facts.earlierAttempts).toEqual([
    { requestId, time, outcome: 'uncertain' },
    { requestId, time, outcome: 'not-processed', status: 429 },
  ])
  expect(readEarlierAttempts(facts)).toEqual(facts.earlierAttempts)
  await originals.close()
})

test('an entry whose first attempt brought the picture says nothing of others', async () => {
  const { originals } = await makeOriginals(await temporaryFolder(), api.url)
  const { original } = await originals.acquire(makeOrder('A pier'))
  expect(Object.keys(original.entry.facts)).toEqual(['created', 'usage', 'revised_prompt'])
  await originals.close()
})

test('an answer that was no picture is remembered on another machine too', async () => {
  const [dir, other] = [await temporaryFolder(), await temporaryFolder()]
  const order = makeOrder('A dune')
  const first = await makeOriginals(dir, api.url)
  api.failNext({ body: '<html>Sign in</html>' })
  await expect(first.originals.acquire(order)).rejects.toMatchObject({ code: 'ANSWER_UNUSABLE' })
  await first.originals.close()
  // As version control brings it there.
  await cp(join(dir, 'unusable'), join(other, 'unusable'), { recursive: true })

  for (const machine of [other, dir]) {
    const second = await makeOriginals(machine, api.url)
    const { original } = await second.originals.acquire(order, { again: true })
    expect(readEarlierAttempts(original.entry.facts)).toMatchObject([
      { requestId: api.requests[0]?.requestId, outcome: 'unusable' },
    ])
    await second.originals.close()
  }
})

test('what is no list of attempts is none', () => {
  const attempt = { requestId: 'a', time: '2026-11-01T00:00:00Z', outcome: 'uncertain' }
  expect(readEarlierAttempts({ earlierAttempts: 'many' })).toEqual([])
  expect(
    readEarlierAttempts({ earlierAttempts: [1, { ...attempt, time: 'now' }, attempt] }),
  ).toEqual([attempt])
})
