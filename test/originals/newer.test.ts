import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { entryName } from '../../src/originals/store/entry/entry.ts'
import { createOriginalStore } from '../../src/originals/store/original-store.ts'
import { unusableName } from '../../src/originals/store/unusable/unusable-record.ts'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { filesBelow, temporaryFolder } from '../support/folder.ts'
import { makeOrder, makeOriginals } from './make-originals.ts'
import { commitSample } from './sample-original.ts'

let api: ApiServer
beforeAll(async () => {
  api = await createApiServer({ scale: 1 / 16 })
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const order = makeOrder('A harbour')
const NEWER = `${JSON.stringify({ version: 2, key: order.key, more: true })}\n`

async function leave(name: string) {
  const dir = await temporaryFolder()
  const file = join(dir, name)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, NEWER)
  return { dir, file }
}

test.each([
  ['an entry', entryName(order.key), 'newer'],
  ['a record of an unusable answer', unusableName(order.key), 'unusable'],
])('%s of a newer version is left alone, and nothing is requested', async (_, name, state) => {
  const { dir, file } = await leave(name)
  const { originals } = await makeOriginals(dir, api.url)
  const found = await originals.status(order.key)
  expect(found).toMatchObject({
    state,
    problem: `${file} needs a newer version of unplugin-imagegen. Update unplugin-imagegen here. Until then the file stays unchanged, and nothing is requested for it.`,
  })
  const error: Error = await originals.acquire(order).then(
    () => expect.unreachable(),
    thrown => thrown,
  )
  expect(error.message).toContain('needs a newer version')
  expect(error.message).not.toMatch(/delete|corrupt|damaged/)
  expect(api.count).toBe(0)
  expect(await readFile(file, 'utf8')).toBe(NEWER)
  await originals.close()
})

test('a journal record of a newer version stops its image, and is left alone', async () => {
  const { dir, file } = await leave(`local/journal/${order.key}/0001-a.attempt.json`)
  const { originals } = await makeOriginals(dir, api.url)
  for (const failing of [originals.status(order.key), originals.acquire(order)]) {
    await expect(failing).rejects.toMatchObject({
      code: 'NEEDS_NEWER_VERSION',
      message: expect.not.stringMatching(/delete|corrupt|damaged/),
    })
  }
  expect(api.count).toBe(0)
  expect(await readFile(file, 'utf8')).toBe(NEWER)
  await originals.close()
})

test('what a newer entry may need is not removed, nor the entry itself', async () => {
  const { dir, file } = await leave(entryName(order.key))
  const warnings: string[] = []
  const store = createOriginalStore({ dir, onWarning: message => warnings.push(message) })
  const { original } = await commitSample(store, 'hero', 'bytes')
  await expect(store.remove(order.key)).rejects.toMatchObject({ code: 'NEEDS_NEWER_VERSION' })
  await store.remove(original.entry.key)
  expect(await filesBelow(dir)).toContain(original.path.slice(dir.length + 1))
  expect(await readFile(file, 'utf8')).toBe(NEWER)
  for await (const { key } of store.list()) expect.unreachable(key)
  expect(warnings.join()).toContain('needs a newer version')
  expect(warnings.join()).not.toMatch(/delete|corrupt|damaged/)
})
