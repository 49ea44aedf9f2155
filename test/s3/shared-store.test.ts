import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { createLeases } from '../../src/originals/leases/leases.ts'
import { createLocalLeases } from '../../src/originals/leases/local-leases.ts'
import { createTieredLeases } from '../../src/originals/leases/tiered-leases.ts'
import type { ObjectStore } from '../../src/originals/objects/object-store.ts'
import { createSharedStore } from '../../src/originals/objects/shared-store.ts'
import { blobName, entryName, serializeEntry } from '../../src/originals/store/entry/entry.ts'
import { createSigner, type Signer } from '../../src/originals/store/entry/signature.ts'
import { createOriginalStore } from '../../src/originals/store/original-store.ts'
import { provePicture } from '../../src/renditions/encode/prove-picture.ts'
import { sha256 } from '../../src/system/digest.ts'
import { createApiServer } from '../api-server/server.ts'
import { makeOrder, makeOriginals } from '../originals/make-originals.ts'
import { commitSample, sampleEntry } from '../originals/sample-original.ts'
import { temporaryFolder } from '../support/folder.ts'
import { createFaultProxy } from './fault-proxy.ts'
import { createBucket, endpoint, IMPATIENT, needsS3 } from './s3-server.ts'

let red: Buffer
let blue: Buffer
const SIZE = { width: 16, height: 16 }

beforeAll(async () => {
  const paint = (background: string) =>
    sharp({ create: { ...SIZE, channels: 3, background } })
      .png()
      .toBuffer()
  ;[red, blue] = await Promise.all([paint('red'), paint('blue')])
})

interface MachineOptions {
  readonly access?: 'read-write' | 'read-only'
  readonly required?: boolean
  readonly signer?: Signer
}

async function openMachine(objects: ObjectStore, options: MachineOptions = {}) {
  const { signer, ...use } = options
  const dir = await temporaryFolder()
  const warnings: string[] = []
  const onWarning = (message: string) => warnings.push(message)
  const shared = createSharedStore({ objects, ...use, onWarning })
  const store = createOriginalStore({
    dir,
    shared,
    prove: file => provePicture(file),
    onWarning,
    ...(signer && { signer }),
  })
  return { dir, store, shared, warnings, buy: () => commitSample(store, 'hero', red, SIZE) }
}

const { key } = sampleEntry('hero', '')

describe.skipIf(!endpoint)(`originals in a bucket${needsS3}`, () => {
  test('what one machine bought the other has, byte for byte', async () => {
    const bucket = await createBucket()
    const { original } = await (await openMachine(await bucket.open())).buy()
    const { store } = await openMachine(await bucket.open())
    const look = await store.status(key)
    expect(look).toMatchObject({ where: 'shared', original: { entry: original.entry } })
    if (look.state !== 'ready') throw new Error(look.state)
    expect((await readFile(look.original.path)).equals(red)).toBe(true)
    expect(await store.status(key)).toMatchObject({ where: 'local' })
  })

  test('of two that bought the same the first wins', async () => {
    const bucket = await createBucket()
    const [a, b] = [await openMachine(await bucket.open()), await openMachine(await bucket.open())]
    await a.buy()
    const second = await commitSample(b.store, 'hero', blue, { ...SIZE, requestId: 'another' })
    expect(second.first).toBe(false)
    expect((await readFile(second.original.path)).equals(red)).toBe(true)
  })

  test.each([
    ['truncated', () => red.subarray(0, 40), /does not match its digest/],
    ['swapped', () => blue, /does not match its digest/],
    ['empty', () => Buffer.alloc(0), /does not match its digest/],
  ] as const)('a blob that is %s is refused, and not bought again', async (_, bytes, problem) => {
    const bucket = await createBucket()
    const { original } = await (await openMachine(await bucket.open())).buy()
    await bucket.overwrite(blobName(original.entry), bytes())
    const { store } = await openMachine(await bucket.open())
    expect(await store.status(key)).toEqual({
      state: 'corrupt',
      problem: expect.stringMatching(problem),
    })
  })

  test('an entry is held to the picture, to its key and to its form', async () => {
    const bucket = await createBucket()
    const { original } = await (await openMachine(await bucket.open())).buy()
    const wrong = {
      'a png of 16×16 but its entry says png of 16×99': serializeEntry({
        ...original.entry,
        height: 99,
      }),
      'belongs to another key': serializeEntry(sampleEntry('other', red, SIZE)),
      'is not complete JSON': Buffer.from('{'),
      'is not a valid entry': Buffer.from('{"version":1}'),
    }
    for (const [problem, bytes] of Object.entries(wrong)) {
      await bucket.overwrite(entryName(key), bytes)
      const { store } = await openMachine(await bucket.open())
      expect(await store.status(key)).toEqual({
        state: 'corrupt',
        problem: expect.stringContaining(problem),
      })
    }
  })

  test('with a signing key only what was signed with it is used', async () => {
    const bucket = await createBucket()
    const [ours, theirs] = [createSigner('ours'), createSigner('theirs')]
    const look = async (signer: Signer) =>
      (await openMachine(await bucket.open(), { signer })).store.status(key)
    const { original } = await (await openMachine(await bucket.open(), { signer: ours })).buy()
    expect(original.entry.signature).toMatch(/^hmac-sha256:[0-9a-f]{64}$/)
    expect(await look(ours)).toMatchObject({ state: 'ready' })
    expect(await look(theirs)).toMatchObject({
      state: 'corrupt',
      problem: expect.stringMatching(/is not signed with this signing key.*IMAGEGEN_SIGNING_KEY/),
    })
    // Another picture under a good signature of the first.
    const forged = { ...original.entry, digest: sha256(blue), size: blue.length }
    await bucket.overwrite(blobName(forged), blue)
    await bucket.overwrite(entryName(key), serializeEntry(forged))
    expect(await look(ours)).toMatchObject({ state: 'corrupt' })
    const { signature: _, ...unsigned } = original.entry
    await bucket.overwrite(entryName(key), serializeEntry(unsigned))
    expect(await look(ours)).toMatchObject({
      state: 'corrupt',
      problem: expect.stringContaining('is not signed'),
    })
    // Who has no signing key can't tell, and does not ask.
    expect((await (await openMachine(await bucket.open())).store.status(key)).state).toBe('ready')
  })

  test('read-only: read through, never written, and told what would have been', async () => {
    const bucket = await createBucket()
    const proxy = await createFaultProxy(bucket.endpoint)
    const objects = await bucket.open({ endpoint: proxy.endpoint, access: 'read-only' })
    const { store, warnings, buy } = await openMachine(objects, { access: 'read-only' })
    expect((await buy()).first).toBe(true)
    expect(warnings).toEqual([
      expect.stringMatching(/is read-only here: entries\/.* are not shared/),
    ])
    expect((await store.status(key)).state).toBe('ready')
    expect(proxy.seen.every(({ method }) => method === 'GET')).toBe(true)
  })

  test('a store that is out of reach is an error, or one warning where it need not be there', async () => {
    const bucket = await createBucket()
    const away = await bucket.open({ endpoint: 'http://127.0.0.1:1', patience: IMPATIENT })
    const strict = await openMachine(away)
    await expect(strict.store.status(key)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await expect(strict.buy()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    const lenient = await openMachine(away, { required: false })
    expect(await lenient.store.status(key)).toEqual({ state: 'missing' })
    expect((await lenient.buy()).first).toBe(true)
    expect(lenient.warnings).toEqual([expect.stringMatching(/can't be reached .* It may generate/)])
  })

  test('a store that is away buys nothing when it is required, and once when it is not', async () => {
    const api = await createApiServer({ scale: 0.05 })
    const bucket = await createBucket()
    const proxy = await createFaultProxy(bucket.endpoint)
    const objects = await bucket.open({ endpoint: proxy.endpoint, patience: IMPATIENT })
    proxy.fail(Number.POSITIVE_INFINITY, { status: 403, code: 'AccessDenied' })
    for (const required of [true, false]) {
      const { dir, store, shared } = await openMachine(objects, { required })
      const local = createLocalLeases(dir)
      const leases = createTieredLeases(local, createLeases({ objects }), shared)
      const { originals } = await makeOriginals(dir, api.url, { store, leases })
      const acquired = await originals.acquire(makeOrder('hero')).catch((error: Error) => error)
      if (required) expect(acquired).toMatchObject({ code: 'STORE_UNAVAILABLE' })
      else expect(acquired).toMatchObject({ how: 'generated' })
      expect(api.count).toBe(required ? 0 : 1)
      await originals.close()
    }
    await api.close()
  })

  test('originals are pushed, signed, and removed with their blobs', async () => {
    const bucket = await createBucket()
    const alone = await openMachine(await bucket.open({ access: 'read-only' }), {
      access: 'read-only',
    })
    const { original } = await alone.buy()
    const { dir } = alone
    const signer = createSigner('ours')
    const shared = createSharedStore({ objects: await bucket.open() })
    const store = createOriginalStore({ dir, shared, signer })
    expect(await store.shared?.push(key)).toBe('stored')
    expect(await store.shared?.push(key)).toBe('present')
    const reader = await openMachine(await bucket.open(), { signer })
    expect((await reader.store.status(key)).state).toBe('ready')
    const objects = await bucket.open()
    await store.shared?.remove([key])
    expect(await objects.get(entryName(key))).toBeUndefined()
    expect(await objects.get(blobName(original.entry))).toBeUndefined()
  })

  test('another picture of the same request stays, and a push says so', async () => {
    const bucket = await createBucket()
    await (await openMachine(await bucket.open())).buy()
    const dir = await temporaryFolder()
    await commitSample(createOriginalStore({ dir }), 'hero', blue, SIZE)
    const shared = createSharedStore({ objects: await bucket.open() })
    expect(await createOriginalStore({ dir, shared }).shared?.push(key)).toBe('different')
  })
})
