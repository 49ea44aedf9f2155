import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { temporaryFolder } from '../support/folder.ts'
import { bundleChild, ended, spawnChild } from '../support/run-child.ts'
import { makeOrder, makeOriginals } from './make-originals.ts'

let api: ApiServer
beforeAll(async () => {
  api = await createApiServer({ scale: 1 / 16 })
})
beforeEach(() => api.reset())
afterAll(() => api.close())

test('without sharp nothing is requested', async () => {
  // Nothing that is installed resolves from there.
  const folder = await temporaryFolder()
  const child = await bundleChild('originals/children/acquire.ts', folder)
  const outcome = await ended(
    spawnChild(child, join(folder, 'cache'), api.url, '2', '0', 'Low tide', 'High tide'),
  )
  expect(outcome.output).toContain("sharp, the image library, can't be loaded")
  expect(outcome.code).toBe(3)
  expect(api.count).toBe(0)
})

test('a decoder that can be loaded later is asked for again by the next run', async () => {
  let fault: Error | undefined = new Error('The decoder is not there.')
  const { originals } = await makeOriginals(await temporaryFolder(), api.url, {
    loadDecoder: async () => {
      if (fault) throw fault
    },
  })
  const order = makeOrder('A slack tide')
  await expect(originals.acquire(order)).rejects.toThrow('The decoder is not there.')
  expect(api.count).toBe(0)
  fault = undefined
  originals.beginRun()
  expect(await originals.acquire(order)).toMatchObject({ how: 'generated' })
  await originals.close()
})

test('a cache that can’t be written is noticed before anything is requested', async () => {
  const dir = await temporaryFolder()
  const { originals, store } = await makeOriginals(dir, api.url)
  const gone = join(dir, 'gone')
  Object.assign(store, { temporaryFile: async () => join(gone, 'trial') })
  const order = makeOrder('A spring tide')
  await expect(originals.acquire(order)).rejects.toThrow(
    `Nothing is requested, because ${dir} can't be written`,
  )
  expect(api.count).toBe(0)
  await mkdir(gone)
  originals.beginRun()
  expect(await originals.acquire(order)).toMatchObject({ how: 'generated' })
  await originals.close()
  await rm(gone, { recursive: true })
})
