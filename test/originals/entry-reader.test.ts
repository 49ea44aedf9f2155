import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createDiskObjects } from '../../src/originals/objects/disk-objects.ts'
import { entryName, serializeEntry } from '../../src/originals/store/entry/entry.ts'
import { createEntryReader } from '../../src/originals/store/entry/entry-reader.ts'
import { temporaryFolder } from '../support/folder.ts'
import { sampleEntry } from './sample-original.ts'

const entry = sampleEntry('hero', 'bytes')
const HOUR = 3_600_000

async function start(today: () => number) {
  const folder = await temporaryFolder()
  const file = path.join(folder, entryName(entry.key))
  const write = (attempts: number) =>
    writeFile(file, serializeEntry({ ...entry, attempts }), { flag: 'w' })
  await mkdir(path.dirname(file), { recursive: true })
  await write(1)
  return { file, write, read: createEntryReader(createDiskObjects(folder), today) }
}

test('reads an entry again only when its file is another one', async () => {
  const { file, write, read } = await start(() => Date.now() + HOUR)
  const first = await read(entry.key)
  expect(first).toEqual({ entry })
  expect(await read(entry.key)).toBe(first)
  await rm(file)
  expect(await read(entry.key)).toBeUndefined()
  await write(2)
  expect(await read(entry.key)).toEqual({ entry: { ...entry, attempts: 2 } })
})

test('remembers no file that may still change without its times telling', async () => {
  const { read } = await start(Date.now)
  const first = await read(entry.key)
  expect(await read(entry.key)).not.toBe(first)
  expect(await read(entry.key)).toEqual(first)
})
