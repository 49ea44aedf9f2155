import { cp, rm } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { sumAttempts } from '../../src/cost/sum-attempts.ts'
import type { OriginalEntry } from '../../src/originals/original.ts'
import { createOriginalStore } from '../../src/originals/store/original-store.ts'
import type { ImageRequest } from '../../src/plan/image-request.ts'
import { requestKey } from '../../src/plan/request-key.ts'
import { createProject, failureOf, open, startApi } from '../support/project.ts'

const SITE = `defaults: { size: 1024x1024 }
images:
  retried: { prompt: A lighthouse }
  discarded: { prompt: A pier }
  gateway: { prompt: A dune }
  refused: { prompt: A reef }
`
const OTHER = `defaults: { size: 1024x1024 }
images:
  shared: { prompt: A lighthouse }
  lost: { prompt: A fog }
`
const BUDGET = { prices: { '1024x1024': 0.04 } }
const RETRY = { retry: { delays: [1, 1] } }

/** Another entry for the picture of an entry, as deciding to keep it, or its earlier key, makes one. */
async function deriveEntry(
  dir: string,
  prompt: string,
  change: (entry: OriginalEntry, request: ImageRequest) => Partial<OriginalEntry>,
): Promise<void> {
  const store = createOriginalStore({ dir })
  for await (const { key, entry } of store.list()) {
    if (entry.request.prompt !== prompt || entry.request.model !== 'gpt-image-2') continue
    const found = await store.status(key)
    if (found.state !== 'ready') continue
    const file = await store.temporaryFile()
    await cp(found.original.path, file)
    const request = { ...entry.request, model: `another-${prompt.length}` }
    const derived = { ...entry, request, ...change(entry, request) }
    await store.commit({ ...derived, key: requestKey(derived.request) }, file)
  }
}

test('retried, discarded, refused, lost, kept, adopted and shared pictures are counted right', async () => {
  const project = await createProject({ 'a.image.yaml': SITE, 'b.image.yaml': OTHER })
  const api = await startApi()
  const { pipeline } = await open(project, api.url, { budget: BUDGET, provider: RETRY })
  // Three requests for one picture, which two manifests share.
  api.failWhen('lighthouse', { drop: true }, 1)
  api.failWhen('lighthouse', { status: 429 }, 1)
  // A page instead of a picture, which was billed, then the picture.
  api.failWhen('pier', { body: '<html>Sign in</html>' }, 1)
  // The gateway itself says what it cost.
  api.failWhen('dune', { usage: { cost: 0.5 } })
  api.failWhen('reef', { status: 400, body: { error: { message: 'No reefs.' } } })
  // Three requests that may all have been billed, and no picture.
  api.failWhen('fog', { drop: true })
  await failureOf(pipeline.generate())
  const pier = { images: [{ manifest: 'a.image.yaml', name: 'discarded' }] }
  await pipeline.generate({ ...pier, again: true })

  const dir = path.join(project.root, '.imagegen')
  // They stay for another model, and then for a third one.
  for (const model of ['gpt-image-3', 'gpt-image-4']) {
    const later = await open(project, api.url, { budget: BUDGET, provider: { ...RETRY, model } })
    const names = ['retried', 'discarded', 'gateway']
    const images = names.map(name => ({ manifest: 'a.image.yaml', name }))
    const kept = await later.pipeline.keep({ images })
    expect(kept.images.map(({ outcome }) => outcome)).toEqual(['kept', 'kept', 'kept'])
  }
  // Found under an earlier key.
  await deriveEntry(dir, 'A dune', ({ key, facts }) => ({ facts: { ...facts, adoptedFrom: key } }))
  // Made elsewhere, after the API had refused a request for it.
  const reef = { create: { width: 8, height: 8, channels: 3, background: 'teal' } } as const
  await sharp(reef).png().toFile(path.join(project.root, 'reef.png'))
  await pipeline.adopt({ manifest: 'a.image.yaml', name: 'refused' }, 'reef.png')

  expect(sumAttempts(await pipeline.costs())).toEqual({
    asked: 3 + 2 + 1 + 1 + 3,
    answered: 1 + 2 + 1,
    kept: 1 + 1 + 1,
    discarded: 1,
    spent: 0.04 + 0.04 + 0.04 + 0.5,
    unpriced: 0,
    doubtful: 1 + 3,
    possiblyWasted: 0.16,
  })

  // On a second clone only what is committed is known: not the picture that never came.
  await rm(path.join(dir, 'local'), { recursive: true })
  expect(sumAttempts(await pipeline.costs())).toEqual({
    asked: 3 + 2 + 1 + 1,
    answered: 1 + 2 + 1,
    kept: 1 + 1 + 1,
    discarded: 1,
    spent: 0.04 + 0.04 + 0.04 + 0.5,
    unpriced: 0,
    doubtful: 1,
    possiblyWasted: 0.04,
  })
})

test('a picture that was kept counts when the entry that it stays from is gone', async () => {
  const project = await createProject({ 'a.image.yaml': 'prompt: A lighthouse\n' })
  const api = await startApi()
  const { pipeline } = await open(project, api.url, { budget: BUDGET })
  await pipeline.generate()
  const provider = { model: 'gpt-image-3' }
  const later = await open(project, api.url, { budget: BUDGET, provider })
  await later.pipeline.keep()
  const [planned] = (await pipeline.plan()).images
  if (planned?.key) await pipeline.originals.remove(planned.key)
  expect(sumAttempts(await pipeline.costs())).toMatchObject({ asked: 1, kept: 1, spent: 0.04 })
})

test('an unusable answer counts, whether its journal is there or its record alone', async () => {
  const project = await createProject({ 'a.image.yaml': 'prompt: A lighthouse\n' })
  const api = await startApi()
  const { pipeline } = await open(project, api.url, { budget: BUDGET })
  api.failNext({ body: '<html>Sign in</html>' })
  await failureOf(pipeline.generate())
  const sums = { asked: 1, answered: 1, kept: 0, discarded: 1, spent: 0.04 }
  expect(sumAttempts(await pipeline.costs())).toMatchObject(sums)
  await rm(path.join(project.root, '.imagegen/local'), { recursive: true })
  expect(sumAttempts(await pipeline.costs())).toMatchObject(sums)
})

test('attempts that an entry of 0.1.0 only counts may have been billed', async () => {
  const project = await createProject({ 'a.image.yaml': 'prompt: A lighthouse\n' })
  const api = await startApi()
  const { pipeline } = await open(project, api.url, { budget: BUDGET })
  await pipeline.generate()
  const dir = path.join(project.root, '.imagegen')
  await deriveEntry(dir, 'A lighthouse', () => ({ requestId: 'of-0.1.0', attempts: 3 }))
  expect(sumAttempts(await pipeline.costs())).toMatchObject({ asked: 4, kept: 2, doubtful: 2 })
})
