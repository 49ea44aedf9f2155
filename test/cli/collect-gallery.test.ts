import { readFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { collectGallery } from '../../src/gallery/static/collect-gallery.ts'
import { openPipeline } from '../../src/pipeline/open-pipeline.ts'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { createSampleProject, SITE } from './sample-project.ts'

let server: ApiServer
beforeAll(async () => {
  server = await createApiServer({ scale: 1 / 16, vary: true })
})
afterAll(() => server.close())

it('shows what is there, alternatives, and what is wrong', async () => {
  const cwd = await createSampleProject({
    'src/site.image.yaml': `${SITE.replace('alt: Lighthouse', 'output: { widths: [32, 64] }')}  late:\n    prompt: Nobody bought this\n    references: [ref.png]\n`,
    'src/broken.image.yaml': 'promt: x\n',
  })
  const blank = { width: 8, height: 8, channels: 3, background: 'teal' } as const
  await sharp({ create: blank }).png().toFile(path.join(cwd, 'src/ref.png'))
  const env = new Map([
    ['LLMEASY_API_KEY', 'test-key'],
    ['LLMEASY_BASE_URL', server.url],
  ])
  const pipeline = await openPipeline({}, { cwd, readVariable: name => env.get(name) })
  const manifests = [`${cwd}/src/site.image.yaml`]
  const hero = { manifest: 'src/site.image.yaml', name: 'hero' }
  await pipeline.generate({ manifests, images: [{ ...hero, name: 'hero-night' }] })
  await pipeline.generate({ manifests, images: [hero], revision: 2 })
  const { data, details, files } = await collectGallery(pipeline, {}, new Date(0))

  expect(data.images).toMatchObject([
    {
      id: hero,
      importLine: "import { hero } from './site.image.yaml'",
      status: { state: 'ready' },
      picture: { revision: 1, width: 64, usable: true },
      alternatives: [{ revision: 2 }],
    },
    { id: { name: 'hero-night' }, references: [{ label: 'hero', image: hero }], alternatives: [] },
    { id: { name: 'late' }, status: { state: 'missing' }, alternatives: [] },
  ])
  expect(data.faults[0]).toMatchObject({ location: { path: 'src/broken.image.yaml', line: 1 } })
  // The page shows nothing but what is written beside it.
  const shown = [...JSON.stringify([data, details]).matchAll(/"(files\/[^"]+)"/g)].map(
    match => match[1],
  )
  expect(new Set(files.map(file => file.url))).toEqual(new Set(shown))
  const ofHero = details['src/site.image.yaml#hero']?.pictures ?? {}
  const inUse = ofHero[data.images[0]?.picture?.digest ?? '']
  expect(inUse?.renditions.map(({ width }) => width)).toEqual([32, 64])
  expect(data.images[2]?.references[0]?.thumbnailUrl).toMatch(/^files\/reference-.*\.png$/)
  for (const file of files) {
    const bytes = 'content' in file ? (await file.content()).bytes : await readFile(file.path)
    await sharp(bytes).stats()
  }
  await pipeline.close()
})
