import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import {
  afterAll,
  beforeAll,
  beforeEach,
  expect,
  onTestFinished,
  type TestContext,
  test,
} from 'vitest'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { temporaryFolder } from '../support/folder.ts'
import { createProject, failureOf, open } from '../support/project.ts'
import { journalFiles, makeOrder, makeOriginals, quickLeases } from './make-originals.ts'

const MIB = 1024 * 1024

let api: ApiServer
beforeAll(async () => {
  api = await createApiServer({ scale: 1 / 16 })
})
beforeEach(() => api.reset())
afterAll(() => api.close())

/** Noise, which takes as many bytes as it has: 3 a pixel. */
async function makePicture(side: number): Promise<Buffer> {
  const raw = { width: side, height: side, channels: 3 } as const
  return sharp(randomBytes(3 * side * side), { raw })
    .png()
    .toBuffer()
}

/** A small disk of its own, of which so many bytes are free. */
async function mountDisk(context: TestContext, free: number) {
  const dir = await temporaryFolder()
  const options = `size=${Math.round(free + MIB)}`
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir])
  context.skip(mounted.status !== 0, 'Only root can mount a small disk.')
  onTestFinished(() => {
    spawnSync('umount', [dir])
  })
  const filler = join(dir, 'filler')
  await writeFile(filler, Buffer.alloc(MIB - 128 * 1024))
  return { dir: join(dir, 'cache'), makeRoom: () => rm(filler) }
}

const [order, other] = [makeOrder('A flood'), makeOrder('An ebb')]

test('a disk that is full already is noticed before anything is requested', async context => {
  const { dir, makeRoom } = await mountDisk(context, -64 * 1024)
  const { originals } = await makeOriginals(dir, api.url)
  await expect(originals.acquire(order)).rejects.toThrow('the disk is full')
  expect(api.count).toBe(0)
  await makeRoom()
  originals.beginRun()
  expect(await originals.acquire(order)).toMatchObject({ how: 'generated' })
  await originals.close()
})

test('a disk with no room for the ledger of the budget is one error, and nothing is requested', async context => {
  const { dir, makeRoom } = await mountDisk(context, 0)
  const rest = join(dir, '../rest')
  const fill = async (): Promise<void> => appendFile(rest, Buffer.alloc(4096)).then(fill)
  await expect(fill()).rejects.toMatchObject({ code: 'ENOSPC' })
  const project = await createProject({
    'site.image.yaml': 'images:\n  ebb: { prompt: An ebb }\n  flood: { prompt: A flood }\n',
  })
  const { pipeline } = await open(project, api.url, { cacheDir: dir })
  const error = await failureOf(pipeline.generate())
  expect(error).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringMatching(/ledger.*: the disk is full\. Free some space and run again\.$/),
  })
  expect(api.count).toBe(0)
  await makeRoom()
  expect((await pipeline.generate()).requests).toBe(2)
})

test('an answer that the disk has no room for is uncertain, told, and stops the run', async context => {
  const picture = await makePicture(600)
  const { dir, makeRoom } = await mountDisk(context, MIB)
  api.failNext({ picture })
  const { originals } = await makeOriginals(dir, api.url)
  const error: Error = await originals.acquire(order).then(
    () => expect.unreachable(),
    thrown => thrown,
  )
  const [partial, record, ...more] = (await journalFiles(dir)).map(file =>
    join(dir, 'local/journal', file),
  )
  const { requestId } = api.requests[0] ?? {}
  expect(error).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: `site.image.yaml#A-flood: the answer to request ID ${requestId} can't be stored, and may have been billed. The part that arrived is in ${join(dir, 'local/journal', order.key)}. No more requests are sent until the disk is writable: the disk is full. Free some space and run again.`,
  })
  expect([partial, record, more]).toEqual([
    expect.stringMatching(/\.answer\.part$/),
    expect.stringMatching(/\.attempt\.json$/),
    [],
  ])
  expect((await stat(partial ?? '')).size).toBeGreaterThan(0)
  expect(await originals.status(order.key)).toMatchObject({ state: 'uncertain', requestId })
  expect(await originals.openKeys()).toEqual(new Set([order.key]))
  await expect(originals.acquire(other)).rejects.toMatchObject({
    code: 'RUN_STOPPED',
    message: expect.stringContaining('the disk is full'),
  })
  expect(api.count).toBe(1)
  await originals.close()

  await makeRoom()
  // The lease could not be given back either.
  const next = await makeOriginals(dir, api.url, { leases: quickLeases(dir) })
  expect(await next.originals.acquire(order)).toMatchObject({
    how: 'generated',
    attempts: 1,
    possiblyBilledTwice: 1,
  })
  expect(new Set(api.requests.map(request => request.requestId)).size).toBe(1)
  expect(api.count).toBe(2)
  await next.originals.close()
})

test('an answer that fits, but not beside its decoded picture, complete answer is in and costs no other request', async context => {
  const picture = await makePicture(450)
  const { dir, makeRoom } = await mountDisk(context, 1.1 * MIB)
  api.failNext({ picture })
  const { originals } = await makeOriginals(dir, api.url)
  await expect(originals.acquire(order)).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringMatching(
      /^site\.image\.yaml#A-flood was generated, and its complete answer is in .*\.answer, .*(?:disk is full|ENOSPC).*The next run stores it without another request\.$/,
    ),
  })
  await expect(originals.acquire(other)).rejects.toMatchObject({ code: 'RUN_STOPPED' })
  await originals.close()

  await makeRoom()
  // The lease could not be given back either.
  const next = await makeOriginals(dir, api.url, { leases: quickLeases(dir) })
  const recovered = await next.originals.acquire(order)
  expect(recovered).toMatchObject({ how: 'recovered', attempts: 0, possiblyBilledTwice: 0 })
  await next.originals.verify(recovered.original)
  expect(recovered.original.entry.size).toBe(picture.length)
  expect(api.count).toBe(1)
  await next.originals.close()
})
