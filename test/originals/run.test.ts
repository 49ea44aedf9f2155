import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { PipelineClosedError, RunStoppedError } from '../../src/errors/index.ts'
import type { Leases } from '../../src/originals/leases/leases.ts'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { refusedUrl } from '../fault-server/fault-server.ts'
import { temporaryFolder } from '../support/folder.ts'
import { journalFiles, makeOrder, makeOriginals, stateOf } from './make-originals.ts'

let api: ApiServer
beforeAll(async () => {
  api = await createApiServer({ scale: 1 / 16 })
})
beforeEach(() => {
  api.reset()
  api.setDelay(0)
})
afterAll(() => api.close())

const reasons = (settled: readonly PromiseSettledResult<unknown>[]) =>
  settled.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))

test('a refused key stops what is queued with the same cause, and what is under way is kept', async () => {
  api.failWhen('Forbidden', { status: 401, delay: 100 })
  api.setDelay(300)
  const { originals } = await makeOriginals(await temporaryFolder(), api.url, { concurrency: 2 })
  const under = makeOrder('Under way')
  const first = [originals.acquire(under), originals.acquire(makeOrder('Forbidden'))]
  await expect.poll(() => api.count).toBe(2)
  const queued = ['a', 'b', 'c'].map(name => originals.acquire(makeOrder(name)))
  const errors = reasons(await Promise.allSettled([...first, ...queued]))
  expect(errors[0]).toMatchObject({ code: 'AUTHENTICATION' })
  expect(errors.slice(1).map(error => error instanceof RunStoppedError)).toEqual([true, true, true])
  expect(new Set(errors.slice(1).map(error => error.cause)).size).toBe(1)
  expect(errors[1].message).toMatch(/^site\.image\.yaml#a was not requested, .*401/)
  expect(await originals.status(under.key)).toMatchObject({ state: 'ready' })
  expect(api.count).toBe(2)

  await expect(originals.acquire(makeOrder('d'))).rejects.toThrow(RunStoppedError)
  expect(await originals.acquire(under)).toMatchObject({ how: 'cached' })
  originals.beginRun()
  api.setDelay(0)
  expect(await originals.acquire(makeOrder('d'))).toMatchObject({ how: 'generated' })
  await originals.close()
})

test('three images in a row that fail for the same cause stop the run', async () => {
  api.failWhen('Image', { status: 503 })
  const { originals } = await makeOriginals(await temporaryFolder(), api.url, {
    concurrency: 1,
    retry: { delays: [] },
  })
  const orders = Array.from({ length: 8 }, (_, index) => makeOrder(`Image ${index}`))
  const errors = reasons(await Promise.allSettled(orders.map(order => originals.acquire(order))))
  const codes = errors.map(({ code }) => code).sort()
  expect(codes).toEqual([...Array(5).fill('RUN_STOPPED'), ...Array(3).fill('SERVER')])
  expect(api.count).toBe(3)
  await originals.close()
})

test.each([
  ['a wrong path or model', { status: 404 }, 'REJECTED'],
  ['a parameter that the API does not take', { status: 400 }, 'REJECTED'],
])('%s is one cause too', async (_, failure, code) => {
  api.failWhen('', failure)
  const { originals } = await makeOriginals(await temporaryFolder(), api.url, { concurrency: 1 })
  const orders = Array.from({ length: 5 }, (_, index) => makeOrder(`Image ${index}`))
  const errors = reasons(await Promise.allSettled(orders.map(order => originals.acquire(order))))
  expect(errors.map(error => error.code)).toEqual([
    ...Array(3).fill(code),
    ...Array(2).fill('RUN_STOPPED'),
  ])
  expect(api.count).toBe(3)
  await originals.close()
})

test('a success, another status or a refusal of an image’s own words begins the row anew', async () => {
  const body = { error: { code: 'moderation_blocked', message: 'Not this one.' } }
  api.failWhen('Busy', { status: 503 })
  api.failWhen('Late', { status: 504 })
  api.failWhen('Refused', { status: 400, body })
  const { originals } = await makeOriginals(await temporaryFolder(), api.url, {
    retry: { delays: [] },
  })
  const names = ['Busy 1', 'Busy 2', 'Good', 'Busy 3', 'Busy 4', 'Late 1', 'Busy 5', 'Busy 6']
  const refused = ['Refused 1', 'Refused 2', 'Refused 3', 'Busy 7', 'Busy 8', 'Busy 9', 'Late 2']
  const codes: string[] = []
  for (const name of [...names, ...refused]) {
    codes.push(
      await originals.acquire(makeOrder(name)).then(
        ({ how }) => how,
        error => error.status ?? error.code,
      ),
    )
  }
  expect(codes.join()).toBe(
    '503,503,generated,503,503,504,503,503,400,400,400,503,503,503,RUN_STOPPED',
  )
  await originals.close()
})

test.each([
  ['an outage', { status: 504, delay: 20 }],
  [
    'an outage that a 200 tells of',
    { body: { error: { code: 'server_error', message: 'Busy.' } } },
  ],
])('%s is met by few images: retries keep their places', async (_, failure) => {
  api.failWhen('Image', failure)
  const { originals } = await makeOriginals(await temporaryFolder(), api.url, {
    retry: { delays: [30, 60, 90] },
  })
  const orders = Array.from({ length: 100 }, (_, index) => makeOrder(`Image ${index}`))
  const errors = reasons(await Promise.allSettled(orders.map(order => originals.acquire(order))))
  expect(errors).toHaveLength(100)
  const asked = new Set(api.requests.map(({ prompt }) => prompt))
  // Four at once, and one for each of the two that gave up before the third did.
  expect(asked.size).toBeLessThanOrEqual(6)
  expect(api.count).toBeLessThanOrEqual(24)
  await originals.close()
})

test('while nothing can be sent one image tries again for all, and then the run stops', async () => {
  const url = await refusedUrl()
  const { originals } = await makeOriginals(await temporaryFolder(), url, {
    retry: { delays: [20, 40, 60] },
  })
  const retries: string[] = []
  const names = Array.from({ length: 8 }, (_, index) => `Image ${index}`)
  const settled = await Promise.allSettled(
    names.map(name =>
      originals.acquire(makeOrder(name), {
        onProgress: progress => {
          const status = progress.type === 'state' ? progress.status : undefined
          if (status?.state === 'generating' && status.attempt > 1) retries.push(name)
        },
      }),
    ),
  )
  expect(retries).toHaveLength(3)
  expect(new Set(retries).size).toBe(1)
  const codes = reasons(settled).map(({ code }) => code)
  expect(codes.sort()).toEqual(['NOT_SENT', ...Array(7).fill('RUN_STOPPED')])
  await originals.close()
})

test('three answers in a row without a picture stop the run', async () => {
  api.failWhen('Image', { body: '<html>Just a moment</html>' })
  const { originals } = await makeOriginals(await temporaryFolder(), api.url, { concurrency: 1 })
  const orders = Array.from({ length: 6 }, (_, index) => makeOrder(`Image ${index}`))
  const errors = reasons(await Promise.allSettled(orders.map(order => originals.acquire(order))))
  const codes = errors.map(({ code }) => code).sort()
  expect(codes).toEqual([...Array(3).fill('ANSWER_UNUSABLE'), ...Array(3).fill('RUN_STOPPED')])
  expect(api.count).toBe(3)
  await originals.close()
})

test('an interrupted run sends nothing more, and leaves what was sent as uncertain', async () => {
  api.setDelay(5_000)
  const dir = await temporaryFolder()
  const { originals } = await makeOriginals(dir, api.url, { concurrency: 1 })
  const controller = new AbortController()
  const sent = makeOrder('Sent')
  const first = originals.acquire(sent, { signal: controller.signal })
  await expect.poll(() => api.count).toBe(1)
  const second = originals.acquire(makeOrder('Queued'), { signal: controller.signal })
  controller.abort()
  const errors = reasons(await Promise.allSettled([first, second]))
  expect(errors).toMatchObject([
    { code: 'ABORTED', outcome: 'uncertain' },
    { code: 'ABORTED', outcome: 'not-processed' },
  ])
  await originals.close()
  expect(api.count).toBe(1)
  expect(await journalFiles(dir)).toHaveLength(2)
  expect(await originals.status(sent.key)).toMatchObject({ state: 'uncertain', attempts: 1 })
})

test('one caller that leaves does not take the picture from the others', async () => {
  api.setDelay(100)
  const { originals } = await makeOriginals(await temporaryFolder(), api.url)
  const order = makeOrder('Shared')
  const controller = new AbortController()
  const staying = originals.acquire(order)
  const leaving = originals.acquire(order, { signal: controller.signal })
  await expect.poll(() => api.count).toBe(1)
  controller.abort()
  await expect(leaving).rejects.toMatchObject({ name: 'AbortError' })
  expect(await staying).toMatchObject({ how: 'generated' })
  await originals.close()
})

test('closing waits for what is under way, and takes no more orders', async () => {
  api.setDelay(100)
  const { originals } = await makeOriginals(await temporaryFolder(), api.url)
  const order = makeOrder('Last')
  const buying = originals.acquire(order)
  await expect.poll(() => api.count).toBe(1)
  await originals.close()
  expect(await originals.status(order.key)).toMatchObject({ state: 'ready' })
  expect(await buying).toMatchObject({ how: 'generated' })
  await expect(originals.acquire(makeOrder('Late'))).rejects.toThrow(PipelineClosedError)
})

test('what is there needs neither a provider nor anything written', async () => {
  const dir = await temporaryFolder()
  const order = makeOrder('Kept')
  const first = await makeOriginals(dir, api.url)
  await first.originals.acquire(order)
  await first.originals.close()
  await rm(join(dir, 'local'), { recursive: true })

  const provider = () => expect.unreachable('no provider is needed')
  const second = await makeOriginals(dir, api.url, { provider })
  expect(await second.originals.status(order.key)).toMatchObject({ state: 'ready' })
  expect(await second.originals.acquire(order)).toMatchObject({ how: 'cached' })
  expect(await second.originals.recover()).toEqual({ committed: [], quarantined: [] })
  expect(existsSync(join(dir, 'local'))).toBe(false)
  await second.originals.close()
})

test('a damaged original is reported and not bought again', async () => {
  const dir = await temporaryFolder()
  const order = makeOrder('Damaged')
  const { originals } = await makeOriginals(dir, api.url)
  const { original } = await originals.acquire(order)
  await rm(original.path)
  await expect(originals.acquire(order)).rejects.toMatchObject({
    code: 'ORIGINAL_CORRUPT',
    message: expect.stringMatching(/^site\.image\.yaml#Damaged: .* is missing/),
  })
  expect(api.count).toBe(1)
  await originals.close()
})

/** Leases of which the first is lost when told, and the next one given only after that. */
function createLosableLeases() {
  const controller = new AbortController()
  let given = 0
  const leases: Leases = {
    async acquire(_key, { arrived }) {
      given += 1
      if (given > 1 && (await arrived())) return undefined
      return {
        lost: given === 1 ? controller.signal : new AbortController().signal,
        inheritedRequestId: undefined,
        note: async () => undefined,
        release: async () => undefined,
      }
    },
  }
  return { leases, lose: () => controller.abort(new Error('taken over')) }
}

test('an answer that comes after the lease was lost is still kept', async () => {
  api.setDelay(150)
  const { leases, lose } = createLosableLeases()
  const { originals } = await makeOriginals(await temporaryFolder(), api.url, { leases })
  const buying = originals.acquire(makeOrder('Slow'))
  await expect.poll(() => api.count).toBe(1)
  lose()
  const { how, original } = await buying
  expect(how).toBe('generated')
  expect(await readFile(original.path)).toHaveLength(original.entry.size)
  expect(api.count).toBe(1)
  await originals.close()
})

test('nothing is sent again under a lost lease, only under the next one', async () => {
  api.failNext({ status: 500 })
  const { leases, lose } = createLosableLeases()
  const { originals } = await makeOriginals(await temporaryFolder(), api.url, {
    leases,
    retry: { delays: [60_000] },
  })
  const bought = await originals.acquire(makeOrder('Taken over'), {
    onProgress: progress => stateOf(progress) === 'retrying' && lose(),
  })
  expect(bought).toMatchObject({ how: 'generated', attempts: 2, possiblyBilledTwice: 1 })
  expect(new Set(api.requests.map(({ requestId }) => requestId)).size).toBe(1)
  await originals.close()
})
