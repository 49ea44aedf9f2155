import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createDevImages } from '../../src/dev/dev-images.ts'
import type { GalleryUpdate } from '../../src/gallery/data/gallery-data.ts'
import { createManifestChanges } from '../../src/gallery/server/changes/manifest-changes.ts'
import { createGalleryLive } from '../../src/gallery/server/gallery-live.ts'
import { collectGallery } from '../../src/gallery/static/collect-gallery.ts'
import { createProject, open, startApi } from '../support/project.ts'

const SITE = `images:
  hero: { prompt: A lighthouse, size: 1024x1024 }
  pier: { prompt: A pier, size: 1024x1024 }
`
const BUDGET = { currency: 'EUR', prices: { '1024x1024': 0.04 } }
const HERO = { images: [{ manifest: 's.image.yaml', name: 'hero' }] }

test('the static gallery says what was spent, what each picture cost, and what a missing one would', async () => {
  const project = await createProject({ 's.image.yaml': SITE })
  const api = await startApi()
  const { pipeline } = await open(project, api.url, { budget: BUDGET })
  api.failNext({ drop: true }, { usage: { cost: 0.5 } })
  await pipeline.generate(HERO)
  const { data } = await collectGallery(pipeline, {}, new Date(0))
  expect(data.cost).toEqual({ spent: 0.5, possiblyWasted: 0.04, unpriced: 0, currency: 'EUR' })
  const price = { amount: 0.04, currency: 'EUR' }
  expect(data.images).toMatchObject([
    { price, picture: { cost: { amount: 0.5, currency: 'EUR' } } },
    { price },
  ])
})

test('where nothing has a price the gallery says nothing of it', async () => {
  const project = await createProject({ 's.image.yaml': SITE })
  const api = await startApi()
  const { pipeline } = await open(project, api.url)
  await pipeline.generate(HERO)
  const { data } = await collectGallery(pipeline, {}, new Date(0))
  expect(JSON.stringify(data)).not.toMatch(/"(?:cost|price|currency)"/)
})

test('the gallery of a development server adds up what comes while it is open', async () => {
  const project = await createProject({ 's.image.yaml': SITE })
  const api = await startApi()
  const { pipeline } = await open(project, api.url, {
    budget: { ...BUDGET, spend: 1 },
    dev: { generate: 'manual' },
  })
  const images = createDevImages(pipeline)
  const updates: GalleryUpdate[] = []
  const live = createGalleryLive({
    images,
    token: 't',
    changes: createManifestChanges(pipeline.options),
    urlOf: ({ identifier }) => identifier,
    editorUrl: file => file,
    onUpdate: update => updates.push(update),
    onError(error) {
      throw error
    },
    pause: 1,
  })
  onTestFinished(() => live.close())
  const before = await live.data()
  expect(before.cost).toBeUndefined()
  expect(before.budget).toEqual({
    spent: 0,
    limit: 100,
    spend: { spent: 0, limit: 1, currency: 'EUR' },
  })
  const file = path.join(project.root, 's.image.yaml')
  const { images: known } = await images.read(file)
  await images.generations.generate(
    known.map(({ planned }) => planned),
    { manifests: [file] },
  )
  await expect
    .poll(() => updates.at(-1))
    .toMatchObject({
      cost: { spent: 0.08, currency: 'EUR' },
      budget: { spent: 2, spend: { spent: 0.08, limit: 1 } },
    })
})
