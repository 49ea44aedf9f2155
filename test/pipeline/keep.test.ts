import { expect, test } from 'vitest'
import type { PipelineEvent } from '../../src/api.ts'
import { decisionOf } from '../../src/originals/store/entry/decision.ts'
import { createProject, KEY, open, startApi } from '../support/project.ts'

const FILES = {
  'package.json': '{}',
  'site.image.yaml': `images:
  hero: { prompt: A lighthouse on a cliff }
  again: { prompt: A lighthouse on a cliff }
`,
}
const HERO = { manifest: 'site.image.yaml', name: 'hero' }

/** Resolves at the first event of a pipeline that is looked for. */
function eventOf(
  pipeline: Awaited<ReturnType<typeof open>>['pipeline'],
  isWanted: (event: PipelineEvent) => boolean,
): Promise<void> {
  return new Promise(resolve => {
    const end = pipeline.on(event => {
      if (!isWanted(event)) return
      end()
      resolve()
    })
  })
}

test('images that share a request keep its picture together', async () => {
  const [project, api] = [await createProject(FILES), await startApi({ vary: true })]
  const before = await open(project, api.url)
  await before.pipeline.generate()
  const { pipeline } = await open(project, api.url, { provider: { model: 'gpt-image-3' } })
  const report = await pipeline.keep()
  expect(report.images.map(({ outcome }) => outcome)).toEqual(['kept', 'present'])
  const { images } = await pipeline.plan()
  expect(images.map(({ status }) => status.state)).toEqual(['ready', 'ready'])
  expect(api.count).toBe(1)
})

test('of several versions that are as like, the newest picture stays', async () => {
  const [project, api] = [await createProject(FILES), await startApi({ vary: true })]
  const digests: string[] = []
  const { pipeline } = await open(project, api.url)
  const ask = (quality: string) =>
    project.write({
      'site.image.yaml': `images: { hero: { prompt: A tower, params: { quality: ${quality} } } }\n`,
    })
  for (const quality of ['low', 'medium']) {
    await ask(quality)
    await pipeline.generate()
    const [planned] = (await pipeline.plan()).images
    const found = planned?.key && (await pipeline.originals.status(planned.key))
    if (found && found.state === 'ready') digests.push(found.original.entry.digest)
  }
  await ask('high')
  const [version] = await pipeline.earlierVersions()
  expect(version).toMatchObject({ changes: ['params'], earlier: { digest: digests[1] } })
})

test('a request that is under way is waited for, and its picture stays', async () => {
  const [project, api] = [await createProject(FILES), await startApi({ vary: true })]
  await (await open(project, api.url)).pipeline.generate()
  // As two processes: each has its own leases.
  const options = { provider: { model: 'gpt-image-2' }, env: { LLMEASY_API_KEY: KEY } }
  await project.write({
    'site.image.yaml': FILES['site.image.yaml'].replaceAll('on a cliff', 'on a high cliff'),
  })
  const [builder, keeper] = [
    await open(project, api.url, options),
    await open(project, api.url, options),
  ]
  api.setDelay(1_000)
  const sent = eventOf(
    builder.pipeline,
    event => event.type === 'image' && event.status.state === 'generating',
  )
  const building = builder.pipeline.generate()
  await sent
  const waits = eventOf(keeper.pipeline, event => event.type === 'warning')
  const keeping = keeper.pipeline.keep({ images: [HERO] })
  await waits
  expect(keeper.warnings()[0]).toMatch(/#hero: process .+ is generating it\. Waiting/)
  const [report] = [await keeping, await building]
  expect(report.images).toMatchObject([
    {
      outcome: 'failed',
      problem: expect.stringMatching(
        /got another picture meanwhile|has an original of its present request/,
      ),
    },
  ])
  expect(api.count).toBe(2)
})

test('what an API says of its answer is no decision', async () => {
  const [project, api] = [await createProject(FILES), await startApi()]
  await (await open(project, api.url)).pipeline.generate()
  const { pipeline } = await open(project, api.url)
  const [hero] = (await pipeline.plan()).images
  await project.write({
    'site.image.yaml': 'images: { hero: { prompt: A tower, size: 1024x1024 } }\n',
  })
  const png =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  api.failNext({
    status: 200,
    body: { data: [{ b64_json: png }], kept: { from: hero?.key }, adopted: { file: 'x' } },
  })
  await pipeline.generate()
  const [planned] = (await pipeline.plan()).images
  const found = planned?.key && (await pipeline.originals.status(planned.key))
  const entry = found && found.state === 'ready' ? found.original.entry : undefined
  expect(entry?.facts).toMatchObject({ 'answer.kept': { from: hero?.key } })
  expect(entry && decisionOf(entry)).toBeUndefined()
  const report = await pipeline.undo({ images: [HERO] }, { kind: 'kept' })
  expect(report.images).toMatchObject([
    { outcome: 'failed', problem: expect.stringContaining('its original was requested') },
  ])
})
