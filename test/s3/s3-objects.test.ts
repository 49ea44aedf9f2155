import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { ObjectStore, StoredObject } from '../../src/originals/objects/object-store.ts'
import { createS3Objects } from '../../src/originals/objects/s3/s3-objects.ts'
import { sha256 } from '../../src/system/digest.ts'
import { temporaryFolder } from '../support/folder.ts'
import { createCarelessServer } from './careless-server.ts'
import { createFaultProxy, type SeenRequest } from './fault-proxy.ts'
import { bundleMachine, startMachine } from './run-machine.ts'
import { createBucket, endpoint, IMPATIENT, needsS3 } from './s3-server.ts'

async function bytesOf(object: StoredObject | undefined): Promise<Buffer | undefined> {
  if (!object) return undefined
  const pieces: Uint8Array[] = []
  for await (const piece of object.stream()) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

const textOf = async (objects: ObjectStore, name: string) =>
  (await bytesOf(await objects.get(name)))?.toString()

async function bigFile() {
  const bytes = randomBytes(9_000_000)
  const file = join(await temporaryFolder(), 'big.png')
  await writeFile(file, bytes)
  return { bytes, source: { file, size: bytes.length, digest: sha256(bytes) } }
}

const credentials = () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'SOMEBODY')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'something')
  return { region: 'us-east-1', bucket: 'bucket', prefix: 'p', access: 'read-write' } as const
}

describe.skipIf(!endpoint)(`objects in a bucket${needsS3}`, () => {
  test('are read as they were written, and the first writer wins', async () => {
    const objects = await (await createBucket()).open()
    expect(await objects.get('entries/ab/hero.json')).toBeUndefined()
    const put = (text: string) =>
      objects.putIfAbsent('entries/ab/hero.json', { bytes: Buffer.from(text) })
    expect(await put('mine')).toBe('stored')
    expect(await put('yours')).toBe('present')
    const object = await objects.get('entries/ab/hero.json')
    expect(object).toMatchObject({ name: 'entries/ab/hero.json', size: 4 })
    expect(Math.abs(Date.now() - Number(object?.modified))).toBeLessThan(60_000)
    expect(await textOf(objects, 'entries/ab/hero.json')).toBe('mine')
    await objects.delete('entries/ab/hero.json')
    await objects.delete('entries/ab/hero.json')
    expect(await objects.get('entries/ab/hero.json')).toBeUndefined()
  })

  test('are streamed from and to files, and may be empty', async () => {
    const objects = await (await createBucket()).open()
    const { bytes, source } = await bigFile()
    expect(await objects.putIfAbsent('blobs/big.png', source)).toBe('stored')
    expect((await bytesOf(await objects.get('blobs/big.png')))?.equals(bytes)).toBe(true)
    await objects.putIfAbsent('empty', { bytes: Buffer.alloc(0) })
    expect(await textOf(objects, 'empty')).toBe('')
  })

  test('a file that is not what its digest says is refused', async () => {
    const objects = await (await createBucket()).open({ patience: IMPATIENT })
    const { source } = await bigFile()
    const wrong = { ...source, digest: sha256('something else') }
    await expect(objects.putIfAbsent('blobs/big.png', wrong)).rejects.toThrowError(
      /can't be written after 3 attempts: .* XAmzContentSHA256Mismatch/,
    )
    expect(await objects.get('blobs/big.png')).toBeUndefined()
  })

  test('of many machines that write the same name one stores it', async () => {
    const bucket = await createBucket()
    const machines = await Promise.all(Array.from({ length: 12 }, () => bucket.open()))
    const outcomes = await Promise.all(
      machines.map((objects, index) =>
        objects.putIfAbsent('race', { bytes: Buffer.from(`machine ${index}`) }),
      ),
    )
    const winner = outcomes.indexOf('stored')
    expect(outcomes.filter(outcome => outcome === 'stored')).toHaveLength(1)
    expect(await textOf(await bucket.open(), 'race')).toBe(`machine ${winner}`)
  })

  test('nothing is written or deleted through a read-only one', async () => {
    const bucket = await createBucket()
    await (await bucket.open()).putIfAbsent('hero', { bytes: Buffer.from('mine') })
    const proxy = await createFaultProxy(bucket.endpoint)
    const objects = await bucket.open({ endpoint: proxy.endpoint, access: 'read-only' })
    expect(await textOf(objects, 'hero')).toBe('mine')
    const source = { bytes: Buffer.from('yours') }
    await expect(objects.putIfAbsent('other', source)).rejects.toThrowError(/read-only/)
    await expect(objects.delete('hero')).rejects.toThrowError(/read-only/)
    expect(proxy.seen.filter(({ method }) => method !== 'GET')).toEqual([])
  })
})

describe.skipIf(!endpoint)(`a bucket behind a bad line${needsS3}`, () => {
  async function openBadLine() {
    const bucket = await createBucket()
    const proxy = await createFaultProxy(bucket.endpoint)
    const objects = await bucket.open({ endpoint: proxy.endpoint, patience: IMPATIENT })
    await objects.putIfAbsent('first', { bytes: Buffer.from('the probe is over') })
    return { bucket, proxy, objects }
  }
  const puts = ({ method }: SeenRequest) => method === 'PUT'
  const gets = ({ method }: SeenRequest) => method === 'GET'

  test('a write whose answer was lost is recognised as ours', async () => {
    const { proxy, objects } = await openBadLine()
    proxy.fail(1, 'lose-answer', puts)
    const bytes = Buffer.from('mine')
    expect(await objects.putIfAbsent('hero', { bytes })).toBe('stored')
    const { source } = await bigFile()
    proxy.fail(1, 'lose-answer', puts)
    expect(await objects.putIfAbsent('big', source)).toBe('stored')
  })

  test('one that came second is not, although its answer was lost', async () => {
    const { bucket, proxy, objects } = await openBadLine()
    await bucket.overwrite('hero', 'yours')
    proxy.fail(1, 'lose-answer', puts)
    expect(await objects.putIfAbsent('hero', { bytes: Buffer.from('mine') })).toBe('present')
    expect(await textOf(objects, 'hero')).toBe('yours')
  })

  test.each([
    { status: 409, code: 'ConditionalRequestConflict' },
    { status: 503, code: 'SlowDown' },
    { status: 500, code: 'InternalError' },
  ])('$status is asked again', async fault => {
    const { proxy, objects } = await openBadLine()
    proxy.fail(2, fault)
    expect(await objects.putIfAbsent('hero', { bytes: Buffer.from('mine') })).toBe('stored')
    proxy.fail(2, fault)
    expect(await textOf(objects, 'hero')).toBe('mine')
  })

  test('a body that was cut off or stopped is read on from there', async () => {
    const { proxy, objects } = await openBadLine()
    const { bytes, source } = await bigFile()
    await objects.putIfAbsent('big', source)
    const object = await objects.get('big')
    proxy.fail(1, 'truncate', gets)
    proxy.fail(1, 'stall', gets)
    expect((await bytesOf(object))?.equals(bytes)).toBe(true)
    proxy.fail(1, 'truncate', gets)
    expect(await textOf(objects, 'first')).toBe('the probe is over')
  })

  test.each([
    [{ status: 403, code: 'AccessDenied' }, /access was denied.*s3:GetObject.* on s3:\/\//],
    [{ status: 503, code: 'SlowDown' }, /after 3 attempts: .* answered 503 SlowDown: Scripted\./],
    [{ status: 301, code: 'PermanentRedirect' }, /in another region.*AWS_REGION/],
    [{ status: 404, code: 'NoSuchBucket' }, /there is no bucket imagegen-tests/],
    [{ status: 404, code: 'SomePage' }, /answered 404/],
    ['silence', /after 3 attempts: .* too slow or does not answer \(nothing came for 0\.4 s\)/],
    ['truncate', /after 3 attempts: .* answered ECONNRESET: aborted/],
    ['lose-answer', /after 3 attempts/],
  ] as const)('%o for good is an error, never a miss', async (fault, message) => {
    const { proxy, objects } = await openBadLine()
    proxy.fail(Number.POSITIVE_INFINITY, fault)
    const failure = await objects.get('first').catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(message),
    })
    await expect(collect(objects.list(''))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    // An answer to a write has no body that could be cut off.
    if (fault === 'truncate') return
    const source = { bytes: Buffer.from('mine') }
    await expect(objects.putIfAbsent('x', source)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    })
  })

  test('nobody there, and credentials that are not known, are errors that say so', async () => {
    const bucket = await createBucket()
    const nobody = await bucket.open({ endpoint: 'http://127.0.0.1:1', patience: IMPATIENT })
    await expect(nobody.get('x')).rejects.toThrowError(/can't be reached \(ECONNREFUSED\)/)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'canary-of-a-secret')
    const failure = await (await bucket.open()).get('x').catch((error: unknown) => error)
    vi.unstubAllEnvs()
    expect(failure).toMatchObject({
      message: expect.stringContaining('rejected the credentials'),
    })
    expect(JSON.stringify([failure, String((failure as Error).cause)])).not.toContain('canary')
  })
})

test('a server that overwrites in spite of the condition is refused before anything is stored', async () => {
  const settings = credentials()
  const server = await createCarelessServer()
  const objects = await createS3Objects({ ...settings, endpoint: server.endpoint })
  const put = () => objects.putIfAbsent('hero', { bytes: Buffer.from('mine') })
  await expect(put()).rejects.toThrowError(
    /s3:\/\/bucket\/p does not honour conditional writes.*If-None-Match/,
  )
  await expect(put()).rejects.toThrowError(/does not honour/)
  expect([...server.objects]).toEqual([])
  vi.unstubAllEnvs()
})

test('without the AWS SDK there is one error that says what to install', async () => {
  // Bundled into a folder from where no dependency can be found.
  const machine = startMachine(await bundleMachine('without-sdk.ts', await temporaryFolder()))
  await machine.ended
  expect(machine.printed()).toBe(
    "The shared store s3://bucket/p needs the package @aws-sdk/client-s3, which can't be loaded. Install it with npm install --save-dev @aws-sdk/client-s3",
  )
})
