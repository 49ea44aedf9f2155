import { chmod, mkdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { StoreError } from '../../src/errors/store-error.ts'
import { createDiskObjects, type DiskObjects } from '../../src/originals/objects/disk-objects.ts'
import type { ObjectStore } from '../../src/originals/objects/object-store.ts'
import { sha256 } from '../../src/system/digest.ts'
import { filesBelow, temporaryFolder } from '../support/folder.ts'
import { bundleChild, ended, spawnChild } from '../support/run-child.ts'

const bytes = (text: string) => ({ bytes: Buffer.from(text) })

async function content(objects: ObjectStore, name: string): Promise<string | undefined> {
  const object = await objects.get(name)
  if (!object) return undefined
  const pieces: Uint8Array[] = []
  for await (const piece of object.stream()) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

async function names(objects: ObjectStore, prefix: string): Promise<string[]> {
  const found: string[] = []
  for await (const { name } of objects.list(prefix)) found.push(name)
  return found.sort()
}

/** An object in the form that it has where hard links are refused. */
async function putAsFolder(objects: DiskObjects, name: string, text: string): Promise<void> {
  const target = objects.path(name)
  await mkdir(target, { recursive: true })
  await writeFile(join(target, name.slice(name.lastIndexOf('/') + 1)), text)
}

describe('a directory as an object store', () => {
  test('the first writer wins and nothing else is left behind', async () => {
    const dir = await temporaryFolder()
    const objects = createDiskObjects(dir)
    expect(await objects.get('entries/ab/x.json')).toBeUndefined()
    expect(await objects.putIfAbsent('entries/ab/x.json', bytes('first'))).toBe('stored')
    expect(await objects.putIfAbsent('entries/ab/x.json', bytes('second'))).toBe('present')
    expect(await content(objects, 'entries/ab/x.json')).toBe('first')
    expect(await objects.get('entries/ab/x.json')).toMatchObject({
      name: 'entries/ab/x.json',
      path: join(dir, 'entries/ab/x.json'),
      size: 5,
    })
    expect(await filesBelow(dir)).toEqual(['entries/ab/x.json'])
  })

  test('a file is linked, not copied, and stays where it was', async () => {
    const objects = createDiskObjects(await temporaryFolder())
    const file = await objects.temporaryFile()
    await writeFile(file, 'picture')
    const source = { file, size: 7, digest: sha256('picture') }
    expect(await objects.putIfAbsent('blobs/aa/a.png', source)).toBe('stored')
    expect((await stat(file)).ino).toBe((await stat(objects.path('blobs/aa/a.png'))).ino)
    expect(await objects.putIfAbsent('blobs/aa/a.png', source)).toBe('stored')
    await expect(
      objects.putIfAbsent('blobs/aa/b.png', { ...source, size: 8 }),
    ).rejects.toThrowError(/has 7 bytes, but 8 were written/)
  })

  test('lists by prefix, both forms, without what is unfinished', async () => {
    const dir = await temporaryFolder()
    const objects = createDiskObjects(dir)
    for (const name of ['a/ab/1.json', 'a/ab/2.json', 'a/ac/3.json', 'b/4.json']) {
      await objects.putIfAbsent(name, bytes(name))
    }
    await putAsFolder(objects, 'a/ab/5.json', 'five')
    await mkdir(join(dir, 'a/ab/.tmp-1'))
    await writeFile(join(dir, 'a/ab/.tmp-1/6.json'), '')
    await writeFile(join(dir, 'a/ab/.DS_Store'), '')
    expect(await names(objects, 'a/')).toEqual([
      'a/ab/1.json',
      'a/ab/2.json',
      'a/ab/5.json',
      'a/ac/3.json',
    ])
    expect(await names(objects, 'a/ab/')).toEqual(['a/ab/1.json', 'a/ab/2.json', 'a/ab/5.json'])
    expect(await names(objects, 'a/ac')).toEqual(['a/ac/3.json'])
    expect(await names(objects, 'nothing/')).toEqual([])
  })

  test('deletes either form, and what is not there', async () => {
    const dir = await temporaryFolder()
    const objects = createDiskObjects(dir)
    await objects.putIfAbsent('a/1.json', bytes('1'))
    await putAsFolder(objects, 'a/2.json', '2')
    for (const name of ['a/1.json', 'a/2.json', 'a/3.json']) await objects.delete(name)
    expect(await filesBelow(dir)).toEqual([])
    expect(await objects.putIfAbsent('a/2.json', bytes('again'))).toBe('stored')
  })

  test('the two forms exclude one another, and an empty folder counts as nothing', async () => {
    const objects = createDiskObjects(await temporaryFolder())
    await putAsFolder(objects, 'a/1.json', 'folder')
    expect(await content(objects, 'a/1.json')).toBe('folder')
    expect(await objects.putIfAbsent('a/1.json', bytes('file'))).toBe('present')
    await mkdir(objects.path('a/2.json'))
    expect(await objects.get('a/2.json')).toBeUndefined()
    expect(await objects.putIfAbsent('a/2.json', bytes('file'))).toBe('stored')
    expect(await content(objects, 'a/2.json')).toBe('file')
  })

  test.each([
    '',
    '/etc/passwd',
    '../x',
    'a/../../x',
    'a/./x',
    'a//x',
    'a/.hidden',
    'a/B.json',
    'a\\b',
    'a/\0',
    'ä',
    'a/'.repeat(300),
  ])('refuses the name %j', async name => {
    const objects = createDiskObjects(await temporaryFolder())
    await expect(objects.get(name)).rejects.toThrowError(StoreError)
    await expect(objects.putIfAbsent(name, bytes('x'))).rejects.toThrowError(StoreError)
    await expect(objects.delete(name)).rejects.toThrowError(StoreError)
  })

  test('what can not be read is an error, never missing', async () => {
    const dir = await temporaryFolder()
    const objects = createDiskObjects(dir)
    await writeFile(join(dir, 'entries'), 'a file where a folder belongs')
    await expect(objects.get('entries/ab/x.json')).rejects.toThrowError(/file where a folder/)
    await expect(names(objects, 'entries/ab/')).rejects.toThrowError(StoreError)
    await expect(objects.putIfAbsent('entries/ab/x.json', bytes('x'))).rejects.toThrowError(
      StoreError,
    )
    await mkdir(join(dir, 'a'))
    await symlink('itself', join(dir, 'a/itself'))
    await expect(objects.get('a/itself')).rejects.toThrowError(StoreError)
  })

  test('folders that vanish between two writes are made again', async () => {
    const dir = await temporaryFolder()
    const objects = createDiskObjects(join(dir, 'cache'))
    await objects.putIfAbsent('a/1.json', bytes('1'))
    await rm(join(dir, 'cache'), { recursive: true })
    expect(await objects.putIfAbsent('a/1.json', bytes('2'))).toBe('stored')
  })

  test('sweeps what died a day ago and nothing younger', async () => {
    const dir = await temporaryFolder()
    const objects = createDiskObjects(dir)
    await objects.putIfAbsent('a/1.json', bytes('1'))
    const [old, young] = [await objects.temporaryFile(), await objects.temporaryFile()]
    const stage = join(dir, 'a/.tmp-old')
    await mkdir(stage)
    await writeFile(join(stage, '2.json'), '')
    for (const file of [old, young]) await writeFile(file, '')
    const then = new Date(Date.now() - 25 * 3_600_000)
    for (const path of [old, stage, objects.path('a/1.json')]) await utimes(path, then, then)
    await objects.sweep(24 * 3_600_000)
    expect(await filesBelow(dir)).toEqual(['a/1.json', young.slice(dir.length + 1)].sort())
  })

  test('a read-only directory is enough for reading', async () => {
    const dir = await temporaryFolder()
    await createDiskObjects(dir).putIfAbsent('a/1.json', bytes('1'))
    await chmod(join(dir, 'a'), 0o555)
    await chmod(dir, 0o555)
    const objects = createDiskObjects(dir)
    expect(await content(objects, 'a/1.json')).toBe('1')
    expect(await names(objects, 'a/')).toEqual(['a/1.json'])
    await chmod(dir, 0o755)
    await chmod(join(dir, 'a'), 0o755)
  })

  test('of six processes that write the same names, one stores each', async () => {
    const dir = await temporaryFolder()
    const script = await bundleChild('originals/children/put-race.ts', await temporaryFolder())
    const start = String(Date.now() + 500)
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, async (_, number) => {
        const { output } = await ended(spawnChild(script, dir, String(number), start))
        return JSON.parse(output) as Record<string, string>
      }),
    )
    const objects = createDiskObjects(dir)
    for (let index = 0; index < 12; index += 1) {
      const name = `race/${index}.json`
      const winners = outcomes.flatMap((outcome, number) =>
        outcome[name] === 'stored' ? [number] : [],
      )
      expect(winners, name).toHaveLength(1)
      expect(await content(objects, name)).toBe(`${winners[0]}`.repeat(10_000))
    }
    expect(await filesBelow(join(dir, 'local'))).toEqual([])
  })
})

test('a message names the file and what to do', async () => {
  const dir = await temporaryFolder()
  await writeFile(join(dir, 'a'), '')
  const failed = createDiskObjects(dir).putIfAbsent('a/1.json', bytes('1'))
  await expect(failed).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: `${join(dir, 'a')} is a file, but the store needs a folder there. Move it away and run again.`,
  })
  expect(await readFile(join(dir, 'a'), 'utf8')).toBe('')
})
