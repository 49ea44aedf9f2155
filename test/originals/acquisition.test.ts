import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { UnusableAnswerError } from '../../src/errors/index.ts'
import { createLocalLeases } from '../../src/originals/leases/local-leases.ts'
import { createDiskObjects } from '../../src/originals/objects/disk-objects.ts'
import { createSharedStore } from '../../src/originals/objects/shared-store.ts'
import { createOriginalStore } from '../../src/originals/store/original-store.ts'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { createFaultServer } from '../fault-server/fault-server.ts'
import { misannounce, resetInsideBody, stallInsideBody } from '../fault-server/faults.ts'
import { temporaryFolder } from '../support/folder.ts'
import { collect, journalFiles, makeOrder, makeOriginals, stateOf } from './make-originals.ts'
import { commitSample } from './sample-original.ts'

let api: ApiServer
beforeAll(async () => {
  api = await createApiServer({ scale: 1 / 16 })
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const requestIds = () => new Set(api.requests.map(({ requestId }) => requestId))

async function makeAnswer(): Promise<string> {
  const picture = await sharp({
    create: { width: 64, height: 64, channels: 3, background: 'teal' },
  })
    .png()
    .toBuffer()
  return JSON.stringify({ data: [{ b64_json: picture.toString('base64') }], created: 1 })
}

test('buys what is missing once, and serves it from the cache after that', async () => {
  const dir = await temporaryFolder()
  const order = makeOrder('A lighthouse')
  const first = await makeOriginals(dir, api.url)
  expect(await first.originals.status(order.key)).toEqual({ state: 'missing' })
  const progress = collect()
  const bought = await first.originals.acquire(order, progress)
  expect(bought).toMatchObject({ how: 'generated', attempts: 1, possiblyBilledTwice: 0, waited: 0 })
  expect(progress.seen.map(stateOf)).toEqual(['queued', 'generating', 'receiving'])
  expect(api.requests[0]?.requestId).toBe(bought.original.entry.requestId)
  expect(await journalFiles(dir)).toEqual([])
  await first.originals.close()

  const second = await makeOriginals(dir, api.url)
  const cached = await second.originals.acquire(order)
  expect(cached).toMatchObject({ how: 'cached', attempts: 0 })
  expect(await readFile(cached.original.path)).toEqual(await readFile(bought.original.path))
  expect(api.count).toBe(1)
  await second.originals.close()
})

test('an answer is kept even if its journal was cleared while this process was suspended', async () => {
  api.setDelay(100)
  const dir = await temporaryFolder()
  const { originals } = await makeOriginals(dir, api.url)
  const order = makeOrder('A late tide')
  let cleared: Promise<void> | undefined
  const { original, how } = await originals.acquire(order, {
    onProgress(progress) {
      // As a process does that took the lease over and committed the key.
      if (stateOf(progress) === 'generating') {
        cleared = rm(join(dir, 'local', 'journal', order.key), { recursive: true })
      }
    },
  })
  await cleared
  expect(how).toBe('generated')
  await originals.verify(original)
  expect(await journalFiles(dir)).toEqual([])
  await originals.close()
})

test('nothing is sent for what somebody else has committed while this process was suspended', async () => {
  const dir = await temporaryFolder()
  const order = makeOrder('A borrowed tide')
  const store = createOriginalStore({ dir })
  const { key, request } = order
  const local = createLocalLeases(dir)
  const { originals } = await makeOriginals(dir, api.url, {
    store,
    leases: {
      async acquire(...wanted) {
        const lease = await local.acquire(...wanted)
        if (!lease) return undefined
        return {
          ...lease,
          // Suspended once the record is written; it goes on before it learns of the takeover.
          async note(requestId) {
            await lease.note(requestId)
            await commitSample(store, 'A borrowed tide', 'theirs', { key, request })
            await rm(join(dir, 'local', 'journal', key), { recursive: true })
          },
        }
      },
    },
  })
  const { how, attempts } = await originals.acquire(order)
  expect({ how, attempts, sent: api.count }).toEqual({ how: 'adopted', attempts: 0, sent: 0 })
  expect(await journalFiles(dir)).toEqual([])
  await originals.close()
})

test('an attempt that could not be noted leaves nothing behind, and was not sent', async () => {
  const dir = await temporaryFolder()
  const order = makeOrder('A tide unnoted')
  const local = createLocalLeases(dir)
  const { originals } = await makeOriginals(dir, api.url, {
    leases: {
      async acquire(...wanted) {
        const lease = await local.acquire(...wanted)
        const note = () => Promise.reject(new Error('The disk is full.'))
        return lease && { ...lease, note }
      },
    },
  })
  await expect(originals.acquire(order)).rejects.toThrow('was not requested')
  expect(await readdir(join(dir, 'local', 'journal', order.key))).toEqual([])
  expect(api.count).toBe(0)
  await originals.close()
})

test('callers that want the same original at once share one request', async () => {
  const { originals } = await makeOriginals(await temporaryFolder(), api.url)
  const order = makeOrder('A boat')
  const acquired = await Promise.all(Array.from({ length: 5 }, () => originals.acquire(order)))
  expect(acquired.map(({ how }) => how).sort()).toEqual([
    ...Array.from({ length: 4 }, () => 'adopted'),
    'generated',
  ])
  expect(acquired.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(1)
  expect(api.count).toBe(1)
  await originals.close()
})

test('never has more requests under way than allowed', async () => {
  api.setDelay(30)
  const { originals } = await makeOriginals(await temporaryFolder(), api.url, { concurrency: 3 })
  let underWay = 0
  let most = 0
  const orders = Array.from({ length: 9 }, (_, index) => makeOrder(`Wave ${index}`))
  await Promise.all(
    orders.map(order =>
      originals.acquire(order, {
        onProgress: progress => {
          if (stateOf(progress) === 'generating') underWay += 1
          if (stateOf(progress) === 'receiving') underWay -= 1
          most = Math.max(most, underWay)
        },
      }),
    ),
  )
  api.setDelay(0)
  expect(most).toBe(3)
  await originals.close()
})

test('asks again under the same request ID, and counts what may have been billed', async () => {
  api.failNext({ status: 500 }, { drop: true }, { status: 429 })
  const dir = await temporaryFolder()
  const { originals } = await makeOriginals(dir, api.url)
  const progress = collect()
  const bought = await originals.acquire(makeOrder('A storm'), progress)
  expect(bought).toMatchObject({ how: 'generated', attempts: 4, possiblyBilledTwice: 2 })
  expect(bought.waited).toBeGreaterThan(0)
  expect(bought.original.entry.attempts).toBe(4)
  expect([api.count, requestIds().size]).toEqual([4, 1])
  const reasons = progress.seen.flatMap(event =>
    event.type === 'state' && event.status.state === 'retrying' ? [event.status.problem] : [],
  )
  expect(reasons[0]).toMatch(/500.* Attempt 2 of 4 follows in 0\.0 s\.$/)
  expect(await journalFiles(dir)).toEqual([])
  await originals.close()
})

test('what is uncertain when attempts are used up is told, and asked for again under its ID', async () => {
  api.failWhen('reef', { status: 502 }, 4)
  const dir = await temporaryFolder()
  const order = makeOrder('A reef')
  const first = await makeOriginals(dir, api.url)
  await expect(first.originals.acquire(order)).rejects.toThrow(
    /^site\.image\.yaml#A-reef: .*502.* That was attempt 4 of 4\. 4 attempts under request ID [0-9a-f-]{36} may have been billed; the next run asks again under the same ID\.$/,
  )
  expect(await first.originals.status(order.key)).toMatchObject({
    state: 'uncertain',
    requestId: api.requests[0]?.requestId,
    attempts: 4,
  })
  expect(await first.originals.openKeys()).toEqual(new Set([order.key]))
  await expect(first.originals.remove(order.key)).rejects.toThrow('is not removed')
  await first.originals.close()

  const second = await makeOriginals(dir, api.url)
  const progress = collect()
  const bought = await second.originals.acquire(order, progress)
  expect(bought).toMatchObject({ how: 'generated', attempts: 1, possiblyBilledTwice: 4 })
  expect(progress.warnings()[0]).toMatch(/4 earlier attempts, .* may have been billed/)
  expect([api.count, requestIds().size]).toEqual([5, 1])
  await second.originals.close()
})

test('stops after an uncertain attempt when told to, in this run and the next, until told otherwise', async () => {
  api.failNext({ drop: true })
  const dir = await temporaryFolder()
  const order = makeOrder('A cliff')
  const message =
    /^site\.image\.yaml#A-cliff: .* 1 attempt under request ID [0-9a-f-]{36} may have been billed, and `retry\.uncertain` is "stop", .*`imagegen generate site\.image\.yaml#A-cliff --retry-uncertain`/
  for (const _run of [1, 2]) {
    const { originals } = await makeOriginals(dir, api.url, { retry: { uncertain: 'stop' } })
    const error = await originals.acquire(order).catch(thrown => thrown)
    const { requestId } = api.requests[0] ?? {}
    expect(error).toMatchObject({ code: 'ATTEMPT_UNCERTAIN', requestId, attempts: 1 })
    expect(error.message).toMatch(message)
    await originals.close()
  }
  expect(api.count).toBe(1)
  const { originals } = await makeOriginals(dir, api.url, { retry: { uncertain: 'stop' } })
  const bought = await originals.acquire(order, { uncertain: 'retry' })
  expect(bought).toMatchObject({ how: 'generated', attempts: 1, possiblyBilledTwice: 1 })
  expect([api.count, requestIds().size]).toEqual([2, 1])
  await originals.close()
})

test('a refusal is final, remembered, concerns its image only, and ends its request ID', async () => {
  const body = { error: { code: 'moderation_blocked', message: 'Not this one.' } }
  api.failWhen('Refused', { status: 400, body }, 1)
  const dir = await temporaryFolder()
  const { originals } = await makeOriginals(dir, api.url)
  const refused = makeOrder('Refused')
  const [failure, other] = await Promise.allSettled([
    originals.acquire(refused),
    originals.acquire(makeOrder('Fine')),
  ])
  expect(failure).toMatchObject({ status: 'rejected', reason: { code: 'MODERATION' } })
  expect(other.status).toBe('fulfilled')
  expect(await originals.status(refused.key)).toEqual({
    state: 'refused',
    problem: expect.stringContaining('Not this one'),
  })
  await originals.close()

  const next = await makeOriginals(dir, api.url)
  await expect(next.originals.acquire(refused)).rejects.toMatchObject({
    code: 'MODERATION',
    message: expect.stringMatching(
      /^site\.image\.yaml#Refused: it was requested before\. .*Not this one.* `imagegen generate --again site\.image\.yaml#Refused`\.$/,
    ),
  })
  expect(api.count).toBe(2)
  const made = await next.originals.acquire(refused, { again: true })
  expect(made).toMatchObject({ how: 'generated', possiblyBilledTwice: 0 })
  expect(requestIds().size).toBe(3)
  await next.originals.close()
})

test.each([
  ['a server error', { status: 500 }, 'uncertain', '500'],
  ['a queue that is full', { status: 429 }, 'missing', '429'],
  ['a key that is refused', { status: 401 }, 'missing', '401'],
  ['an address that is not there', { status: 404 }, 'missing', '404'],
])(
  '%s is remembered in the API’s words, and asked for again by the next run',
  async (_, failure, state, words) => {
    const body = { error: { message: 'These are my words.' } }
    api.failWhen('A spit', { ...failure, body }, 1)
    const dir = await temporaryFolder()
    const order = makeOrder('A spit')
    const first = await makeOriginals(dir, api.url, { retry: { delays: [] } })
    await expect(first.originals.acquire(order)).rejects.toThrow('These are my words')
    await first.originals.close()
    const next = await makeOriginals(dir, api.url)
    const found = await next.originals.status(order.key)
    expect(found).toMatchObject({ state, problem: expect.stringContaining('These are my words') })
    expect(found).toMatchObject({ problem: expect.stringContaining(words) })
    expect(await next.originals.acquire(order)).toMatchObject({ how: 'generated', attempts: 1 })
    await next.originals.close()
  },
)

test('a wait longer than maxDelay ends the attempts', async () => {
  api.failNext({ status: 429, headers: { 'retry-after': '30' } })
  const { originals } = await makeOriginals(await temporaryFolder(), api.url, {
    retry: { maxDelay: 50 },
  })
  await expect(originals.acquire(makeOrder('A queue'))).rejects.toMatchObject({
    code: 'RETRY_AFTER_TOO_LONG',
    message: expect.stringContaining('It asks to wait 30 s'),
  })
  expect(api.count).toBe(1)
  await originals.close()
})

test.each([
  ['half a PNG', async () => (await sharp(noise(64)).png().toBuffer()).subarray(0, 4_000)],
  [
    'SVG',
    async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
  ],
  ['text', async () => Buffer.from('I am sorry, I can not draw this.')],
])('%s is kept in quarantine, and requested again only when told so', async (_, makePicture) => {
  const picture = await makePicture()
  api.failNext({ picture })
  const dir = await temporaryFolder()
  const order = makeOrder('A ruin')
  const first = await makeOriginals(dir, api.url)
  const error: UnusableAnswerError = await first.originals.acquire(order).then(
    () => expect.unreachable(),
    thrown => thrown,
  )
  expect(error).toMatchObject({ code: 'ANSWER_UNUSABLE', requestId: api.requests[0]?.requestId })
  const [decoded = '', raw = ''] = error.paths
  expect(error.message).toContain(decoded)
  expect(await readFile(decoded)).toEqual(picture)
  expect(JSON.parse(await readFile(raw, 'utf8')).data[0].b64_json).toBe(picture.toString('base64'))
  await first.originals.close()

  const second = await makeOriginals(dir, api.url)
  expect(await second.originals.status(order.key)).toEqual({
    state: 'unusable',
    problem: expect.stringMatching(/^The answer held no usable picture: /),
  })
  await expect(second.originals.acquire(order)).rejects.toMatchObject({
    code: 'ANSWER_UNUSABLE',
    requestId: error.requestId,
    message: expect.stringContaining('`imagegen generate --again site.image.yaml#A-ruin`'),
  })
  expect(api.count).toBe(1)
  const bought = await second.originals.acquire(order, { again: true })
  expect(bought).toMatchObject({ how: 'generated', attempts: 1, possiblyBilledTwice: 1 })
  expect(requestIds().size).toBe(2)
  expect(await readdir(join(dir, 'unusable', order.key.slice(0, 2)))).toEqual([])
  await second.originals.close()
})

test('an answer without a picture is kept in quarantine, and not requested again', async () => {
  api.failNext({ body: '<html>busy</html>' })
  const dir = await temporaryFolder()
  const order = makeOrder('A fog')
  const { originals } = await makeOriginals(dir, api.url)
  const error: UnusableAnswerError = await originals.acquire(order).then(
    () => expect.unreachable(),
    thrown => thrown,
  )
  expect(error.code).toBe('ANSWER_UNUSABLE')
  expect(await readFile(error.paths[0] ?? '', 'utf8')).toBe('<html>busy</html>')
  await expect(originals.acquire(order)).rejects.toMatchObject({ code: 'ANSWER_UNUSABLE' })
  expect(api.count).toBe(1)
  await originals.close()
})

test('the record of an unusable answer says so on every machine, without the answer', async () => {
  api.failNext({ body: '<html>busy</html>' })
  const [here, there] = [await temporaryFolder(), await temporaryFolder()]
  const order = makeOrder('A mist')
  const first = await makeOriginals(here, api.url)
  await expect(first.originals.acquire(order)).rejects.toMatchObject({ code: 'ANSWER_UNUSABLE' })
  await first.originals.close()
  const name = join('unusable', order.key.slice(0, 2), `${order.key}.json`)
  const record = JSON.parse(await readFile(join(here, name), 'utf8'))
  expect(record).toMatchObject({ version: 1, key: order.key, request: order.request, attempts: 1 })
  expect(record.problem).not.toContain(here)
  // As version control would bring it.
  await cp(join(here, 'unusable'), join(there, 'unusable'), { recursive: true })
  const second = await makeOriginals(there, api.url)
  await expect(second.originals.acquire(order)).rejects.toMatchObject({ code: 'ANSWER_UNUSABLE' })
  await second.originals.close()
  expect(api.count).toBe(1)
})

test.each([
  ['a newer version', JSON.stringify({ version: 2 }), 'needs a newer version'],
  ['half of it', '{"version":1', 'is not valid JSON'],
  ['nothing at all', '', 'is not valid JSON'],
])('a record that cannot be read (%s) requests nothing', async (_name, text, words) => {
  const dir = await temporaryFolder()
  const order = makeOrder('A haze')
  const folder = join(dir, 'unusable', order.key.slice(0, 2))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${order.key}.json`), text)
  const { originals } = await makeOriginals(dir, api.url)
  await expect(originals.acquire(order)).rejects.toThrow(words)
  expect(api.count).toBe(0)
  await originals.close()
})

test('an unusable answer that 0.1.0 noted in its journal alone is not requested again', async () => {
  api.failNext({ picture: Buffer.from('Sorry.') })
  const dir = await temporaryFolder()
  const order = makeOrder('A squall')
  const first = await makeOriginals(dir, api.url)
  await expect(first.originals.acquire(order)).rejects.toMatchObject({ code: 'ANSWER_UNUSABLE' })
  await first.originals.close()
  await rm(join(dir, 'unusable'), { recursive: true })
  const second = await makeOriginals(dir, api.url)
  expect(await second.originals.status(order.key)).toMatchObject({ state: 'unusable' })
  await expect(second.originals.acquire(order)).rejects.toMatchObject({ code: 'ANSWER_UNUSABLE' })
  await second.originals.close()
  expect(api.count).toBe(1)
})

test('another raster format is kept as it came, with a warning', async () => {
  const picture = await sharp(noise(32)).jpeg().toBuffer()
  api.failNext({ picture })
  const { originals } = await makeOriginals(await temporaryFolder(), api.url)
  const progress = collect()
  const { original } = await originals.acquire(makeOrder('A photo'), progress)
  expect(original.entry).toMatchObject({ format: 'jpeg', width: 32, height: 32 })
  expect(original.path).toMatch(/\.jpe?g$/)
  expect(await readFile(original.path)).toEqual(picture)
  expect(progress.warnings()).toEqual([expect.stringContaining('answered with JPEG')])
  await originals.close()
})

test('a picture that came whole counts, although its answer never ended', async () => {
  const answer = await makeAnswer()
  const server = await createFaultServer(stallInsideBody(`${answer}\n`, answer.length))
  const { originals } = await makeOriginals(await temporaryFolder(), server.url, { timeout: 500 })
  expect(await originals.acquire(makeOrder('A wreck'))).toMatchObject({
    how: 'generated',
    attempts: 1,
    possiblyBilledTwice: 0,
  })
  expect(server.requests).toHaveLength(1)
  await originals.close()
  await server.close()
})

test('an answer that broke inside the picture is asked for again', async () => {
  const answer = await makeAnswer()
  const server = await createFaultServer(resetInsideBody(answer), misannounce(answer, 0))
  const { originals } = await makeOriginals(await temporaryFolder(), server.url)
  expect(await originals.acquire(makeOrder('A leak'))).toMatchObject({
    attempts: 2,
    possiblyBilledTwice: 1,
  })
  await originals.close()
  await server.close()
})

/** Pixels that do not compress. */
function noise(side: number) {
  return {
    create: {
      width: side,
      height: side,
      channels: 3,
      background: 'gray',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  } as const
}

test('the record of an unusable answer goes through the shared store, and a picture ends it there', async () => {
  const bucket = createDiskObjects(await temporaryFolder())
  const open = async () => {
    const dir = await temporaryFolder()
    const store = createOriginalStore({ dir, shared: createSharedStore({ objects: bucket }) })
    return makeOriginals(dir, api.url, { store })
  }
  const records = async () => {
    const names: string[] = []
    for await (const { name } of bucket.list('unusable/')) names.push(name)
    return names
  }
  const order = makeOrder('A shoal')
  api.failNext({ body: '<html>busy</html>' })
  const [first, second, third] = [await open(), await open(), await open()]
  await expect(first.originals.acquire(order)).rejects.toMatchObject({ code: 'ANSWER_UNUSABLE' })
  expect(await records()).toHaveLength(1)
  expect(await second.originals.status(order.key)).toMatchObject({ state: 'unusable' })
  await expect(second.originals.acquire(order)).rejects.toMatchObject({ code: 'ANSWER_UNUSABLE' })
  expect(api.count).toBe(1)
  expect(await second.originals.acquire(order, { again: true })).toMatchObject({ how: 'generated' })
  expect(await records()).toEqual([])
  expect(await third.originals.acquire(order)).toMatchObject({ how: 'cached' })
  // A machine that knows of the record alone uses the picture as well.
  expect(await first.originals.status(order.key)).toMatchObject({ state: 'ready' })
  for (const { originals } of [first, second, third]) await originals.close()
  expect(api.count).toBe(2)
})

test('push copies the record of an unusable answer', async () => {
  const bucket = createDiskObjects(await temporaryFolder())
  const dir = await temporaryFolder()
  const order = makeOrder('A bar')
  api.failNext({ body: '<html>busy</html>' })
  const alone = await makeOriginals(dir, api.url)
  await expect(alone.originals.acquire(order)).rejects.toMatchObject({ code: 'ANSWER_UNUSABLE' })
  await alone.originals.close()
  const { shared } = createOriginalStore({ dir, shared: createSharedStore({ objects: bucket }) })
  expect(await shared?.push(order.key)).toBe('stored')
  expect(await shared?.push(order.key)).toBe('present')
  expect(await shared?.push(makeOrder('Another').key)).toBe('missing')
})
