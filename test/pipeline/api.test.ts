import path from 'node:path'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import {
  type Options,
  openPipeline,
  PipelineClosedError,
  RunError,
  SelectionError,
} from '../../src/api.ts'
import { createProject, failureOf, KEY, type Project, plain, startApi } from '../support/project.ts'

const SITE = `images:
  hero:
    prompt: A lighthouse on a cliff, seen from the sea
  night:
    prompt: The same scene at night
    references: [{ image: hero }]
`

async function openSite(options: Options = {}) {
  const project = await createProject({ 'src/site.image.yaml': SITE })
  const api = await startApi()
  const pipeline = await open(project, api.url, options)
  return { project, api, pipeline }
}

async function open({ root }: Project, baseURL: string, options: Options) {
  const pipeline = await openPipeline(
    { onSizeMismatch: 'ignore', ...options, provider: { baseURL, retry: { delays: [1] } } },
    { cwd: root, readVariable: name => (name === 'LLMEASY_API_KEY' ? KEY : undefined) },
  )
  onTestFinished(() => pipeline.close())
  return pipeline
}

test.each([
  ['an image', { images: [{ manifest: 'src/site.image.yaml', name: 'heroo' }] }],
  [
    'an image of an unknown manifest',
    { images: [{ manifest: 'src/sit.image.yaml', name: 'hero' }] },
  ],
  ['a manifest', { manifests: ['src/sites.image.yaml'] }],
])('%s that does not exist is an error with a suggestion', async (_what, selection) => {
  const { api, project, pipeline } = await openSite()
  const messages: string[] = []
  for (const refused of [
    () => pipeline.generate(selection),
    () => pipeline.plan(selection),
    () => pipeline.alternatives(selection, 1),
  ]) {
    const error = await failureOf(refused())
    expect(error).toBeInstanceOf(SelectionError)
    messages.push(plain(error.message, project))
  }
  expect(new Set(messages).size).toBe(1)
  expect(messages[0]).toMatch(/Did you mean `(?:hero|src\/site\.image\.yaml)`\?/)
  expect(api.count).toBe(0)
})

test('paths are absolute or relative to the root in every method', async () => {
  const { project, pipeline } = await openSite({ mode: 'draft' })
  const relative = 'src/site.image.yaml'
  const absolute = path.join(project.root, relative)
  for (const file of [relative, absolute]) {
    expect(pipeline.selects(file)).toBe(true)
    expect((await pipeline.manifest(file)).path).toBe(relative)
    expect((await pipeline.inspect(file)).manifest.path).toBe(relative)
    expect(await pipeline.watchFilesOf(file)).toEqual([absolute])
    expect((await pipeline.resolveModule(file)).images).toHaveLength(2)
    expect((await pipeline.plan({ manifests: [file] })).images).toHaveLength(2)
    expect(
      (await pipeline.plan({ images: [{ manifest: file, name: 'hero' }] })).images,
    ).toHaveLength(1)
  }
})

test('the error of a run has its report', async () => {
  const { api, pipeline } = await openSite()
  api.failWhen('A lighthouse', { status: 400, body: {} })
  const error = await failureOf(pipeline.generate())
  expect(error).toBeInstanceOf(RunError)
  const { report, errors } = error as RunError
  expect(report.images.map(({ outcome }) => outcome)).toEqual(['failed', 'skipped'])
  expect(errors).toEqual(report.images.map(image => image.error))
})

test('a closed pipeline says so, and closes twice', async () => {
  const { pipeline } = await openSite()
  await pipeline[Symbol.asyncDispose]()
  await pipeline.close()
  await pipeline.stop('Nothing is under way.')
  const file = 'src/site.image.yaml'
  const calls = [
    () => pipeline.discover(),
    async () => pipeline.selects(file),
    () => pipeline.manifest(file),
    () => pipeline.plan(),
    () => pipeline.inspect(file),
    () => pipeline.watchFilesOf(file),
    () => pipeline.budget(),
    async () => pipeline.refusal(),
    () => pipeline.alternatives({}, 1),
    () => pipeline.generate(),
    () => pipeline.resolveModule(file),
    async () => pipeline.on(() => undefined),
    () => pipeline.originals.openKeys(),
    async () => pipeline.originals.list(),
  ]
  for (const call of calls) {
    expect(await failureOf(call()), String(call)).toBeInstanceOf(PipelineClosedError)
  }
})

test('originals hold nothing that goes around mode and budget', async () => {
  const { pipeline } = await openSite()
  expect(Object.keys(pipeline.originals).sort()).toEqual([
    'find',
    'list',
    'openKeys',
    'remove',
    'status',
    'verify',
  ])
})

test('an asset names the files of one image by their paths', async () => {
  const { project, pipeline } = await openSite()
  const hero = await pipeline.asset({ manifest: 'src/site.image.yaml', name: 'hero' })
  expect(path.isAbsolute(hero.src)).toBe(true)
  const { width, height, format } = await sharp(hero.src).metadata()
  expect({ width, height, format }).toEqual({
    width: hero.width,
    height: hero.height,
    format: hero.format,
  })
  for (const image of [
    { manifest: 'src/site.image.yaml', name: 'heroo' },
    { manifest: 'src/sites.image.yaml', name: 'hero' },
  ]) {
    const error = await failureOf(pipeline.asset(image))
    expect(error).toBeInstanceOf(SelectionError)
    expect(plain(error.message, project)).toContain('Did you mean')
  }
})
