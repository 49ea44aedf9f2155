import { readdir, rename, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { UnusablePictureError } from '../../src/errors/unusable-picture-error.ts'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { temporaryFolder } from '../support/folder.ts'
import { journalFiles, makeOrder, makeOriginals } from './make-originals.ts'

let api: ApiServer
beforeAll(async () => {
  api = await createApiServer({ scale: 1 / 16 })
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const order = makeOrder('A harbour')

/** A run whose decoder cannot be loaded: the answer stays in the journal. */
async function leaveAnswer(dir: string): Promise<string> {
  const { originals } = await makeOriginals(dir, api.url, {
    prove: async () => {
      throw new Error('The decoder cannot be loaded.')
    },
  })
  await expect(originals.acquire(order)).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringMatching(
      /^site\.image\.yaml#A-harbour was generated, and its complete answer is in .*The next run stores it/,
    ),
  })
  await originals.close()
  const folder = join(dir, 'local', 'journal', order.key)
  const answer = (await readdir(folder)).find(name => name.endsWith('.answer'))
  return join(folder, answer ?? expect.unreachable())
}

test('a fault of ours after the answer costs nothing: the next order commits it', async () => {
  const dir = await temporaryFolder()
  await leaveAnswer(dir)
  const { originals } = await makeOriginals(dir, api.url)
  expect(await originals.status(order.key)).toMatchObject({ state: 'uncertain' })
  const recovered = await originals.acquire(order)
  expect(recovered).toMatchObject({ how: 'recovered', attempts: 0, possiblyBilledTwice: 0 })
  expect(recovered.original.entry.requestId).toBe(api.requests[0]?.requestId)
  expect(api.count).toBe(1)
  expect(await journalFiles(dir)).toEqual([])
  await originals.close()
})

test('recover() commits what nobody asks for any longer', async () => {
  const dir = await temporaryFolder()
  await leaveAnswer(dir)
  const { originals } = await makeOriginals(dir, api.url)
  expect(await originals.recover()).toEqual({ committed: [order.key], quarantined: [] })
  expect(await originals.status(order.key)).toMatchObject({ state: 'ready' })
  expect(await originals.openKeys()).toEqual(new Set())
  await originals.close()
})

test('recover() hears that it is interrupted, and leaves the answer for the next run', async () => {
  const dir = await temporaryFolder()
  const answer = await leaveAnswer(dir)
  const controller = new AbortController()
  let proving: (() => void) | undefined
  const begun = new Promise<void>(resolve => {
    proving = resolve
  })
  const stuck = await makeOriginals(dir, api.url, {
    prove: () => {
      proving?.()
      // A decoder can't be stopped.
      return new Promise(() => undefined)
    },
  })
  const recovering = stuck.originals.recover(controller.signal)
  await begun
  controller.abort(new Error('interrupted'))
  await expect(recovering).rejects.toThrow('interrupted')
  await stuck.originals.close()
  expect((await stat(answer)).size).toBeGreaterThan(0)

  const { originals } = await makeOriginals(dir, api.url)
  expect(await originals.recover()).toMatchObject({ committed: [order.key] })
  expect(api.count).toBe(1)
  await originals.close()
})

test('recover() sets aside what is no picture, and names where', async () => {
  const dir = await temporaryFolder()
  await leaveAnswer(dir)
  const { originals } = await makeOriginals(dir, api.url, {
    prove: async () => {
      throw new UnusablePictureError('It is not a raster picture.')
    },
  })
  const { committed, quarantined } = await originals.recover()
  expect(committed).toEqual([])
  expect(quarantined.map(({ problem }) => problem)).toEqual(
    Array(2).fill('The answer held no usable picture: It is not a raster picture.'),
  )
  expect(await originals.recover()).toEqual({ committed: [], quarantined: [] })
  await originals.close()
})

test('an answer that came whole counts, although it was not noted as such', async () => {
  const dir = await temporaryFolder()
  const answer = await leaveAnswer(dir)
  await rename(answer, `${answer}.part`)
  const { originals } = await makeOriginals(dir, api.url)
  expect(await originals.acquire(order)).toMatchObject({ how: 'recovered' })
  expect(api.count).toBe(1)
  await originals.close()
})

test('an answer that was cut off is asked for again under its ID, and told', async () => {
  const dir = await temporaryFolder()
  const answer = await leaveAnswer(dir)
  await truncate(answer, 1_000)
  await rename(answer, `${answer}.part`)
  const { originals } = await makeOriginals(dir, api.url)
  expect(await originals.acquire(order)).toMatchObject({ how: 'generated', possiblyBilledTwice: 1 })
  expect(new Set(api.requests.map(({ requestId }) => requestId)).size).toBe(1)
  expect(api.count).toBe(2)
  await originals.close()
})

test('a damaged record is an error that buys nothing', async () => {
  const dir = await temporaryFolder()
  const answer = await leaveAnswer(dir)
  const record = answer.replace(/\.answer$/, '.attempt.json')
  await writeFile(record, '{"version":1')
  const warnings: string[] = []
  const { originals } = await makeOriginals(dir, api.url, {
    onWarning: message => warnings.push(message),
  })
  await expect(originals.acquire(order)).rejects.toThrow(`${record} is damaged`)
  expect(api.count).toBe(1)
  await originals.close()
})
