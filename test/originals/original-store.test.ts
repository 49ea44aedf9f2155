import { chmod, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CorruptOriginalError } from '../../src/errors/corrupt-original-error.ts'
import { StoreError } from '../../src/errors/store-error.ts'
import { createDiskObjects } from '../../src/originals/objects/disk-objects.ts'
import type { ObjectStore } from '../../src/originals/objects/object-store.ts'
import { createSharedStore } from '../../src/originals/objects/shared-store.ts'
import { SharedStoreError } from '../../src/originals/objects/shared-store-error.ts'
import { blobName, entryName, serializeEntry } from '../../src/originals/store/entry/entry.ts'
import { createOriginalStore } from '../../src/originals/store/original-store.ts'
import { createVerification } from '../../src/originals/store/verification/verification.ts'
import type { Key } from '../../src/plan/image-request.ts'
import { requestKey } from '../../src/plan/request-key.ts'
import { sha256 } from '../../src/system/digest.ts'
import { filesBelow, temporaryFolder } from '../support/folder.ts'
import { commitSample, sampleEntry, sampleRequest } from './sample-original.ts'

async function openStore(shared?: ObjectStore) {
  const dir = await temporaryFolder()
  const warnings: string[] = []
  const open = (more: object = {}) =>
    createOriginalStore({
      dir,
      onWarning: message => warnings.push(message),
      ...(shared && { shared: createSharedStore({ objects: shared }) }),
      ...more,
    })
  return { dir, warnings, open, store: open() }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('the local directory', () => {
  test('keeps an original as a readable entry and a picture of its own', async () => {
    const { dir, store, open } = await openStore()
    const entry = sampleEntry('hero', 'bytes', { format: 'jpeg' })
    expect(await store.status(entry.key)).toEqual({ state: 'missing' })
    expect(await filesBelow(dir)).toEqual([])

    const { original, first } = await commitSample(store, 'hero', 'bytes', { format: 'jpeg' })
    expect(first).toBe(true)
    expect(original).toEqual({ entry, path: join(dir, blobName(entry)) })
    expect(await readFile(original.path, 'utf8')).toBe('bytes')
    expect(JSON.parse(await readFile(join(dir, entryName(entry.key)), 'utf8'))).toEqual(entry)

    const again = open()
    expect(await again.status(entry.key)).toEqual({ state: 'ready', original, where: 'local' })
    await again.verify(original)
    expect(await collect(again.list())).toEqual([
      { key: entry.key, entry, size: 5 + serializeEntry(entry).length },
    ])
  })

  test('the first writer wins, and the second adopts', async () => {
    const { dir, store } = await openStore()
    const { original } = await commitSample(store, 'hero', 'mine')
    const second = await commitSample(store, 'hero', 'yours', { requestId: 'another' })
    expect(second).toEqual({ original, first: false })
    // What the second one paid for is kept as well.
    expect(await filesBelow(join(dir, 'blobs'))).toHaveLength(2)
  })

  test('tells git what to keep, once', async () => {
    const { dir, store, open } = await openStore()
    await commitSample(store, 'hero', 'bytes')
    expect(await readFile(join(dir, '.gitignore'), 'utf8')).toMatch(/^local\/$/m)
    expect(await readFile(join(dir, '.gitattributes'), 'utf8')).toMatch(/^blobs\/\*\* binary$/m)
    await writeFile(join(dir, '.gitignore'), 'edited by the user')
    await commitSample(open(), 'other', 'more')
    expect(await readFile(join(dir, '.gitignore'), 'utf8')).toBe('edited by the user')
  })

  test('commits nothing that is not what its entry says', async () => {
    const { store } = await openStore()
    const file = await store.temporaryFile()
    await writeFile(file, 'bytes')
    const wrong = [
      sampleEntry('hero', 'other'),
      sampleEntry('hero', 'bytes', { size: 4 }),
      sampleEntry('hero', 'bytes', { key: sha256('another key') as Key }),
    ]
    for (const entry of wrong) {
      await expect(store.commit(entry, file)).rejects.toThrowError(/It is not stored/)
      expect(await store.status(entry.key)).toEqual({ state: 'missing' })
    }
  })

  test.each<[string, (path: string) => Promise<void>, RegExp]>([
    ['is missing', path => rm(path), /is missing/],
    ['is empty', path => writeFile(path, ''), /has 0 bytes instead of 5/],
    ['is truncated', path => writeFile(path, 'byt'), /has 3 bytes instead of 5/],
    ['is foreign and longer', path => writeFile(path, 'garbage'), /has 7 bytes instead of 5/],
  ])('a blob that %s is corrupt, not missing', async (_, damage, problem) => {
    const { store, dir } = await openStore()
    const { original } = await commitSample(store, 'hero', 'bytes')
    await damage(original.path)
    const look = await store.status(original.entry.key)
    expect(look).toEqual({ state: 'corrupt', problem: expect.stringMatching(problem) })
    const { problem: message } = look as { problem: string }
    expect(message).toContain('Restore the file from version control')
    expect(message).toContain(`delete its entry ${join(dir, entryName(original.entry.key))}`)
  })

  test('swapped bytes of the right size are found before they are used, and set aside', async () => {
    const { dir, store } = await openStore()
    const { original } = await commitSample(store, 'hero', 'bytes')
    const { key } = original.entry
    await store.verify(original)
    await writeFile(original.path, 'swaps')
    expect(await store.status(key)).toMatchObject({ state: 'ready' })
    const failure = await store.verify(original).catch((error: Error) => error)
    expect(failure).toBeInstanceOf(CorruptOriginalError)
    const quarantined = await filesBelow(join(dir, 'local/quarantine'))
    expect(quarantined).toHaveLength(2)
    expect((failure as Error).message).toContain(quarantined[0])
    expect(await readFile(join(dir, 'local/quarantine', `${quarantined[0]}`), 'utf8')).toBe('swaps')

    expect(await store.status(key)).toMatchObject({ state: 'corrupt' })
    await writeFile(original.path, 'bytes')
    expect(await store.status(key)).toMatchObject({ state: 'ready' })
    await store.verify(original)
  })

  test('a damaged entry stays corrupt until it is restored, is reported, and is no reason to fail a list', async () => {
    const { dir, store, warnings } = await openStore()
    const { original } = await commitSample(store, 'hero', 'bytes')
    await commitSample(store, 'other', 'more')
    const { key } = original.entry
    const path = join(dir, entryName(key))
    const text = await readFile(path)
    await writeFile(path, text.subarray(0, 100))
    expect(await store.status(key)).toEqual({
      state: 'corrupt',
      problem: `${path} is not complete JSON. It is neither used nor requested again automatically: restore it from version control or a backup, or delete it to generate the image again.`,
    })
    expect(await collect(store.list())).toHaveLength(1)
    expect(warnings).toEqual([expect.stringContaining(path)])
    // Buying it elsewhere does not overwrite it either.
    await expect(commitSample(store, 'hero', 'again')).rejects.toThrowError(CorruptOriginalError)
    expect(await readFile(path)).toEqual(text.subarray(0, 100))
    await writeFile(path, text)
    expect(await store.status(key)).toMatchObject({ state: 'ready' })
  })

  test('an original whose entry was deleted is bought anew, over a damaged blob too', async () => {
    const { dir, store, warnings } = await openStore()
    const { original } = await commitSample(store, 'hero', 'bytes')
    await rm(join(dir, entryName(original.entry.key)))
    await writeFile(original.path, 'swaps')
    expect(await store.status(original.entry.key)).toEqual({ state: 'missing' })
    expect((await commitSample(store, 'hero', 'bytes')).first).toBe(true)
    expect(await readFile(original.path, 'utf8')).toBe('bytes')
    expect(warnings).toEqual([expect.stringContaining('quarantine')])
  })

  test('what can not be read is an error, not missing', async () => {
    const { dir, store } = await openStore()
    await writeFile(join(dir, 'entries'), '')
    const { key } = sampleEntry('hero', 'bytes')
    await expect(store.status(key)).rejects.toThrowError(StoreError)
    await expect(commitSample(store, 'hero', 'bytes')).rejects.toThrowError(/Move it away/)
  })

  test('unchanged files are read once, across processes, and replaced ones again', async () => {
    const folder = await temporaryFolder()
    const [file, notes] = [join(folder, 'file'), join(folder, 'notes')]
    const old = new Date(Date.now() - 60_000)
    await writeFile(file, 'bytes')
    await utimes(file, old, old)
    const check = (later = 0) =>
      createVerification(notes, () => Date.now() + later).hasDigest(file, sha256('bytes'), 5)
    // A file that changed just now may change again in the same tick: nothing is noted.
    expect(await check()).toBe(true)
    expect(await filesBelow(folder)).toEqual(['file'])
    expect(await check(10_000)).toBe(true)
    const noted = await readFile(notes, 'utf8')
    expect(noted).toMatch(new RegExp(`^${sha256('bytes')} .* ${file}\n$`))
    expect(await check()).toBe(true)
    expect(await readFile(notes, 'utf8')).toBe(noted)
    // Same size, and times set back as a restore would: only the kernel's change time tells.
    await writeFile(file, 'swaps')
    await utimes(file, old, old)
    expect(await check()).toBe(false)
  })

  test('notes that are torn or out of date cost a reading, and do not pile up', async () => {
    const folder = await temporaryFolder()
    const [file, notes] = [join(folder, 'file'), join(folder, 'notes')]
    await writeFile(file, 'bytes')
    const check = (digest = sha256('bytes')) =>
      createVerification(notes, () => Date.now() + 10_000).hasDigest(file, digest, 5)
    expect(await check()).toBe(true)
    const noted = await readFile(notes, 'utf8')
    // Torn off by a power loss, with the next note behind it.
    await writeFile(notes, noted.slice(0, 90) + noted)
    expect(await check()).toBe(true)
    expect(await readFile(notes, 'utf8')).toBe(noted.slice(0, 90) + noted + noted)
    // Of the same file under another digest: nobody believes it for what it is not.
    await writeFile(notes, noted.replace(/^.{64}/, sha256('other')))
    expect(await check(sha256('third'))).toBe(false)
    await writeFile(notes, noted.repeat(1_002))
    expect(await check()).toBe(true)
    expect(await readFile(notes, 'utf8')).toBe(noted)
  })

  test('a read-only directory is enough for what is there', async () => {
    const { dir, store, open } = await openStore()
    const { original } = await commitSample(store, 'hero', 'bytes')
    await chmod(dir, 0o555)
    const reader = open()
    expect(await reader.status(original.entry.key)).toMatchObject({ state: 'ready' })
    await reader.verify(original)
    expect(await collect(reader.list())).toHaveLength(1)
    await chmod(dir, 0o755)
  })

  test('removes the entry, and the blob when nobody else needs it', async () => {
    const { dir, store } = await openStore()
    const [hero, twin] = [
      await commitSample(store, 'hero', 'same'),
      await commitSample(store, 'twin', 'same'),
    ]
    await store.remove(hero.original.entry.key)
    expect(await store.status(hero.original.entry.key)).toEqual({ state: 'missing' })
    expect(await store.status(twin.original.entry.key)).toMatchObject({ state: 'ready' })
    await store.remove(twin.original.entry.key)
    await store.remove(twin.original.entry.key)
    expect(await filesBelow(join(dir, 'blobs'))).toEqual([])
    expect(await filesBelow(join(dir, 'entries'))).toEqual([])
  })

  test('removing an original whose picture is damaged keeps what is left of it', async () => {
    const { dir, store } = await openStore()
    const { original } = await commitSample(store, 'hero', 'bytes')
    await writeFile(original.path, 'byt')
    await store.remove(original.entry.key)
    expect(await store.status(original.entry.key)).toEqual({ state: 'missing' })
    const kept = await filesBelow(join(dir, 'local/quarantine'))
    expect(kept.filter(file => file.endsWith('.png'))).toHaveLength(1)
  })

  test('Git LFS pointers are named, and stay for Git to replace', async () => {
    const { dir, store } = await openStore()
    const { original } = await commitSample(store, 'hero', 'bytes')
    const { key } = original.entry
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${original.entry.digest}\nsize 5\n`
    const named = /is a Git LFS pointer instead of the file itself\. Run `git lfs pull`\./
    await rm(original.path)
    await writeFile(original.path, pointer)
    expect(await store.status(key)).toMatchObject({
      state: 'corrupt',
      problem: expect.stringMatching(named),
    })
    await expect(store.verify(original)).rejects.toThrow(named)
    expect(await readFile(original.path, 'utf8')).toBe(pointer)
    await writeFile(join(dir, entryName(key)), pointer)
    expect(await store.status(key)).toMatchObject({
      state: 'corrupt',
      problem: expect.stringMatching(named),
    })
  })

  test('removing an entry that can not be read deletes nothing', async () => {
    const { dir, store } = await openStore()
    const { original } = await commitSample(store, 'hero', 'bytes')
    await writeFile(join(dir, entryName(original.entry.key)), '{')
    await store.remove(original.entry.key)
    expect(await filesBelow(join(dir, 'local/quarantine'))).toHaveLength(2)
    expect(await filesBelow(join(dir, 'blobs'))).toHaveLength(1)
  })
})

describe('with a shared store behind it', () => {
  async function openMachines() {
    const bucket = createDiskObjects(await temporaryFolder(), { label: 's3://bucket' })
    const [a, b] = [await openStore(bucket), await openStore(bucket)]
    return { bucket, a, b }
  }

  test('what one machine bought the other copies, verified, and then has itself', async () => {
    const { bucket, a, b } = await openMachines()
    const { original } = await commitSample(a.store, 'hero', 'bytes')
    const { key } = original.entry
    const there = { entry: original.entry, path: join(b.dir, blobName(original.entry)) }
    expect(await b.store.status(key)).toEqual({ state: 'ready', original: there, where: 'shared' })
    expect(await readFile(there.path, 'utf8')).toBe('bytes')
    await bucket.delete(entryName(key))
    expect(await b.store.status(key)).toEqual({ state: 'ready', original: there, where: 'local' })
    expect(await filesBelow(join(b.dir, 'local/tmp'))).toEqual([])
  })

  test('of two machines that bought the same key the first wins on both', async () => {
    const { a, b } = await openMachines()
    const { original } = await commitSample(a.store, 'hero', 'mine')
    const second = await commitSample(b.store, 'hero', 'yours', { requestId: 'another' })
    expect(second.first).toBe(false)
    expect(second.original.entry).toEqual(original.entry)
    expect(await readFile(second.original.path, 'utf8')).toBe('mine')
  })

  test('a picture under the earlier key of a request is adopted, here and there', async () => {
    const { bucket, a, b } = await openMachines()
    const { original } = await commitSample(a.store, 'hero  \nat dawn', 'bytes')
    const request = sampleRequest('hero\nat dawn')
    const wanted = { key: requestKey(request), request, earlierKey: original.entry.key }
    expect(await b.store.find({ key: wanted.key, request })).toEqual({ state: 'missing' })
    const found = await b.store.find(wanted)
    const { facts, digest } = original.entry
    const entry = {
      key: wanted.key,
      request,
      digest,
      facts: { ...facts, adoptedFrom: wanted.earlierKey },
    }
    expect(found).toMatchObject({ state: 'ready', where: 'shared', original: { entry } })
    // Both find it under its own key from now on, and neither needs the earlier one.
    await bucket.delete(entryName(wanted.earlierKey))
    expect(await a.store.status(wanted.key)).toMatchObject({ state: 'ready', where: 'shared' })
    expect(await b.store.status(wanted.key)).toMatchObject({ state: 'ready', where: 'local' })
    await b.store.remove(wanted.earlierKey)
    expect(await b.store.status(wanted.key)).toMatchObject({ state: 'ready', original: { entry } })
  })

  // Files are replaced here, not overwritten: the directory that plays the bucket shares their bytes.
  test('damaged local files are restored from it, and kept aside', async () => {
    const { a } = await openMachines()
    const { original } = await commitSample(a.store, 'hero', 'bytes')
    const { key } = original.entry
    for (const damage of ['', 'truncated or more', 'swaps']) {
      await rm(original.path)
      await writeFile(original.path, damage)
      const look = await a.store.status(key)
      if (look.state !== 'ready') throw new Error(look.state)
      await a.store.verify(look.original)
      expect(await readFile(original.path, 'utf8')).toBe('bytes')
    }
    await rm(original.path)
    expect(await a.store.status(key)).toMatchObject({ state: 'ready', where: 'shared' })
    expect(await filesBelow(join(a.dir, 'local/quarantine'))).toHaveLength(6)
    expect(a.warnings).toHaveLength(4)
    expect(a.warnings[0]).toContain('was restored from s3://bucket')
  })

  test('what is damaged there is never served, and not bought again on its own', async () => {
    const { bucket, a, b } = await openMachines()
    const { original } = await commitSample(a.store, 'hero', 'bytes')
    const { key } = original.entry
    await rm(bucket.path(blobName(original.entry)))
    await writeFile(bucket.path(blobName(original.entry)), 'swaps')
    expect(await b.store.status(key)).toEqual({
      state: 'corrupt',
      problem: expect.stringMatching(/s3:\/\/bucket\/blobs.* does not match its digest/),
    })
    await bucket.delete(blobName(original.entry))
    expect(await b.store.status(key)).toMatchObject({
      state: 'corrupt',
      problem: expect.stringContaining('is missing'),
    })
    await writeFile(bucket.path(entryName(key)), '{}')
    expect(await b.store.status(key)).toMatchObject({
      state: 'corrupt',
      problem: expect.stringContaining('s3://bucket/entries/'),
    })
  })

  test('when it can not be written, a commit fails, or warns where it may', async () => {
    const bucket = createDiskObjects(await temporaryFolder())
    const refusing: ObjectStore = {
      ...bucket,
      label: 's3://bucket',
      putIfAbsent: async () => {
        throw new SharedStoreError('s3://bucket refused.')
      },
    }
    const { store, open, warnings } = await openStore(refusing)
    await expect(commitSample(store, 'hero', 'bytes')).rejects.toThrowError('s3://bucket refused.')
    expect(await store.status(sampleEntry('hero', 'bytes').key)).toEqual({ state: 'missing' })
    const onWarning = (message: string) => warnings.push(message)
    const shared = createSharedStore({ objects: refusing, required: false, onWarning })
    const lenient = open({ shared })
    expect((await commitSample(lenient, 'hero', 'bytes')).first).toBe(true)
    expect((await commitSample(lenient, 'other', 'more')).first).toBe(true)
    expect(warnings).toEqual([
      expect.stringMatching(/^s3:\/\/bucket refused\. .* uses only the cache directory/),
    ])
  })

  test('when it can not be read, nothing counts as missing', async () => {
    const bucket = createDiskObjects(await temporaryFolder())
    const { store } = await openStore({
      ...bucket,
      get: async () => {
        throw new StoreError('s3://bucket is not reachable.')
      },
    })
    await expect(store.status(sampleEntry('hero', 'bytes').key)).rejects.toThrowError(
      's3://bucket is not reachable.',
    )
  })
})

test('a file that stands as a folder, as where links are refused, is served and set aside alike', async () => {
  const { dir, store } = await openStore()
  const { original } = await commitSample(store, 'hero', 'bytes')
  const { path, entry } = original
  await rename(path, `${path}.moved`)
  await mkdir(path)
  const inner = join(path, blobName(entry).slice('blobs/00/'.length))
  await rename(`${path}.moved`, inner)
  const look = await store.status(entry.key)
  expect(look).toMatchObject({ state: 'ready', original: { path: inner } })
  await writeFile(inner, 'swaps')
  await expect(store.verify({ entry, path: inner })).rejects.toThrowError(CorruptOriginalError)
  await expect(stat(path)).rejects.toThrowError(/ENOENT/)
  expect(await filesBelow(join(dir, 'local/quarantine'))).toHaveLength(2)
})
