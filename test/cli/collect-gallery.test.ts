import { access } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { collectGallery } from '../../src/cli/collect-gallery.ts'
import { openPipeline } from '../../src/pipeline/open-pipeline.ts'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { createProject, SITE } from './sample-project.ts'

let server: ApiServer
beforeAll(async () => {
  server = await createApiServer({ scale: 1 / 16, vary: true })
})
afterAll(() => server.close())

it('shows what is there, alternatives, and what is wrong', async () => {
  const cwd = await createProject({
    'src/site.image.yaml': `${SITE}  late:\n    prompt: Nobody bought this\n`,
    'src/broken.image.yaml': 'promt: x\n',
  })
  const env = new Map([
    ['LLMEASY_API_KEY', 'test-key'],
    ['LLMEASY_BASE_URL', server.url],
  ])
  const pipeline = await openPipeline({}, { cwd, readVariable: name => env.get(name) })
  const manifests = [`${cwd}/src/site.image.yaml`]
  const hero = { manifest: 'src/site.image.yaml', name: 'hero' }
  await pipeline.generate({ manifests, images: [{ ...hero, name: 'hero-night' }] })
  await pipeline.generate({ manifests, images: [hero], revision: 2 })
  const { data, files } = await collectGallery(pipeline, {}, new Date(0))
  await pipeline.close()

  expect(data.images).toMatchObject([
    {
      id: hero,
      importLine: "import { hero } from './site.image.yaml'",
      state: { name: 'ready' },
      picture: { revision: 1, width: 64, usable: true },
      alternatives: [{ revision: 2 }],
    },
    { id: { name: 'hero-night' }, references: [{ label: 'hero', image: hero }], alternatives: [] },
    { id: { name: 'late' }, state: { name: 'missing' }, alternatives: [] },
  ])
  expect(data.faults[0]).toMatchObject({ location: { path: 'src/broken.image.yaml', line: 1 } })
  const urls = data.images.flatMap(({ picture, alternatives }) =>
    [...(picture ? [picture] : []), ...alternatives].flatMap(it => [it.url, it.thumbnailUrl]),
  )
  expect(new Set(files.map(file => file.url))).toEqual(new Set(urls))
  await Promise.all(files.map(file => access(file.path)))
})
