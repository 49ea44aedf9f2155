import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { findUnneededOriginals } from '../../src/cli/findings/unneeded-originals.ts'
import type { StoredOriginal } from '../../src/originals/original.ts'
import { openPipeline } from '../../src/pipeline/open-pipeline.ts'
import type { Key } from '../../src/plan/image-request.ts'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { temporaryFolder } from '../support/folder.ts'
import { makeOrder, makeOriginals, quickLeases, stateOf } from './make-originals.ts'
import { sampleEntry } from './sample-original.ts'

let api: ApiServer
beforeAll(async () => {
  api = await createApiServer({ scale: 1 / 16 })
})
beforeEach(() => api.reset())
afterAll(() => api.close())

test('pruning beside a build removes nothing that is needed or under way', async () => {
  api.setDelay(20)
  const dir = await temporaryFolder()
  const open = () => makeOriginals(dir, api.url, { leases: quickLeases(dir) })
  const [{ originals: build }, { originals: prune }] = [await open(), await open()]
  const needed = Array.from({ length: 12 }, (_, index) => makeOrder(`Needed ${index}`))
  const dropped = Array.from({ length: 12 }, (_, index) => makeOrder(`Dropped ${index}`))
  const isNeeded = new Set(needed.map(({ key }) => key))
  const underWay = new Set<string>()
  let built = false

  /** As the command does it, over and over: the journal decides, whatever was listed before. */
  async function pruneAll(): Promise<number> {
    let removed = 0
    do {
      for await (const { key } of prune.list()) {
        if (isNeeded.has(key) || (await prune.openKeys()).has(key)) continue
        const before = underWay.has(key)
        await prune.remove(key).then(
          () => {
            expect(before && underWay.has(key), key).toBe(false)
            removed += 1
          },
          error => expect(error.message).toContain('is not removed'),
        )
      }
    } while (!built)
    return removed
  }

  const pruning = pruneAll()
  await Promise.all(
    needed
      .flatMap((order, index) => [order, dropped[index] ?? order])
      .map(async order => {
        const { original, attempts } = await build.acquire(order, {
          onProgress: progress => {
            if (stateOf(progress) === 'generating') underWay.add(order.key)
          },
        })
        expect(attempts).toBe(1)
        underWay.delete(order.key)
        if (isNeeded.has(order.key)) await build.verify(original)
      }),
  )
  built = true
  expect(await pruning).toBeGreaterThan(0)
  expect(api.count).toBe(24)
  for (const { key } of needed) {
    const look = await build.status(key)
    if (look.state !== 'ready') throw new Error(`${key} is ${look.state}`)
    await build.verify(look.original)
  }
  await Promise.all([build.close(), prune.close()])
})

test('an original that is bought while prune looks around is needed by the manifest that asked for it', async () => {
  const root = await temporaryFolder()
  const pipeline = await openPipeline({ mode: 'frozen' }, { cwd: root })
  async function* buyingBesideIt(): AsyncGenerator<StoredOriginal> {
    await writeFile(join(root, 'hero.image.yaml'), 'prompt: A lighthouse\nsize: 1024x1024\n')
    const planned = (await pipeline.plan()).images[0]
    if (!planned?.key || !planned.request) throw new Error('It is not planned.')
    const { key, request } = planned
    yield { key, entry: { ...sampleEntry('', ''), key, request }, size: 1 }
    yield { key: 'of no manifest' as Key, entry: sampleEntry('', ''), size: 1 }
  }
  const { originals } = await findUnneededOriginals(
    buyingBesideIt(),
    async () => (await pipeline.plan()).images,
  )
  expect(originals.map(({ key }) => key)).toEqual(['of no manifest'])
  await pipeline.close()
})
