import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { exportImages, type ImageAsset } from '../../src/api.ts'
import { type WatchedExport, watchExport } from '../../src/export/watch/watch-export.ts'
import { createProject, open, type Project, startApi } from '../support/project.ts'
import { FILES, missingFiles, SITE, TARGET } from './sample-export.ts'

type Catalog = Readonly<Record<string, ImageAsset & Readonly<Record<string, ImageAsset>>>>

async function catalogOf({ root }: Project): Promise<Catalog> {
  return JSON.parse(await readFile(path.join(root, TARGET.data), 'utf8'))
}

/** A watching export of the sample, closed after the test. */
async function startWatch(files: Readonly<Record<string, string>> = {}, hold = true) {
  const api = await startApi()
  const answer = hold ? api.hold() : () => undefined
  const project = await createProject({ ...FILES, ...files })
  const { pipeline } = await open(project, api.url)
  const ending = new AbortController()
  const exports: WatchedExport[] = []
  const faults: string[] = []
  const warnings: string[] = []
  const watching = watchExport(pipeline, TARGET, {
    signal: ending.signal,
    warn: message => void warnings.push(message),
    onExport: report => void exports.push(report),
    onFault: error => void faults.push(error.message),
  })
  onTestFinished(async () => {
    answer()
    ending.abort()
    await watching
  })
  const written = () => exports.flatMap(report => report.written)
  const end = async () => {
    ending.abort()
    await watching
  }
  return { api, answer, project, pipeline, exports, faults, warnings, written, end }
}

test('drafts come first, pictures when they are there, and the end is what an export writes', async () => {
  const { api, answer, project, pipeline, exports, end } = await startWatch()
  await expect.poll(() => exports.length).toBe(1)
  expect(exports[0]).toMatchObject({ images: 3, waiting: 3 })
  expect((await catalogOf(project)).site?.hero).toMatchObject({ format: 'jpeg', width: 32 })
  expect(await missingFiles(project)).toEqual([])
  await expect.poll(() => api.count).toBe(3)
  answer()
  await expect.poll(() => exports.at(-1)?.waiting).toBe(0)
  expect(await missingFiles(project)).toEqual([])
  await end()
  // The drafts are gone.
  expect(await exportImages(pipeline, TARGET)).toMatchObject({ written: [], removed: [] })
  expect(await project.files('public')).toHaveLength(6)
  expect(api.count).toBe(3)
})

test('an edited prompt keeps the old picture until its own comes', async () => {
  const { api, project, exports } = await startWatch({}, false)
  await expect.poll(() => exports.at(-1)?.waiting).toBe(0)
  const before = (await catalogOf(project)).site?.hero?.src
  const answer = api.hold()
  const passes = exports.length
  await project.write({
    'src/site.image.yaml': SITE.replace('A lamp\n', 'Two lamps\n').replace('alt: ', "alt: '!' #"),
  })
  await expect.poll(() => exports.length).toBeGreaterThan(passes)
  await expect.poll(() => api.count).toBe(4)
  expect((await catalogOf(project)).site?.hero).toMatchObject({ src: before, alt: '!' })
  answer()
  await expect.poll(async () => (await catalogOf(project)).site?.hero?.src).not.toBe(before)
  expect(await missingFiles(project)).toEqual([])
})

test('manifests that come, go and come back are followed', async () => {
  const { project, exports } = await startWatch({}, false)
  await expect.poll(() => exports.at(-1)?.waiting).toBe(0)
  await project.write({ 'src/deep/new/icon.image.yaml': 'prompt: An icon\nsize: 1024x1024\n' })
  await expect.poll(async () => Object.keys(await catalogOf(project))).toContain('icon')
  await rm(path.join(project.root, 'src/logo.image.yaml'))
  await expect.poll(async () => Object.keys(await catalogOf(project))).toEqual(['icon', 'site'])
  expect(await missingFiles(project)).toEqual([])
  await project.write({ 'src/logo.image.yaml': FILES['src/logo.image.yaml'] })
  await expect.poll(async () => Object.keys(await catalogOf(project))).toContain('logo')
})

test('a fault is told, and the files stay as they are until it is mended', async () => {
  const { project, exports, faults } = await startWatch({}, false)
  await expect.poll(() => exports.at(-1)?.waiting).toBe(0)
  const before = await catalogOf(project)
  await project.write({
    'src/site.image.yaml': SITE.replace('prompt: A lamp\n', 'promt: A lamp\n'),
  })
  await expect.poll(() => faults).toContainEqual(expect.stringContaining('src/site.image.yaml:3'))
  expect(await catalogOf(project)).toEqual(before)
  await project.write({ 'src/site.image.yaml': SITE.replace('hero-night', 'hero-dusk') })
  await expect
    .poll(async () => Object.keys((await catalogOf(project)).site ?? {}))
    .toEqual(['hero', 'hero-dusk'])
})

test('a changed configuration is told once, with how to use it', async () => {
  const { project, exports, warnings } = await startWatch({}, false)
  await expect.poll(() => exports.at(-1)?.waiting).toBe(0)
  await project.write({ 'imagegen.config.json': '{ "output": { "widths": [16] } }' })
  const told = expect.stringContaining('imagegen.config.json changed. This export goes on with')
  await expect.poll(() => warnings).toContainEqual(told)
  await project.write({ 'imagegen.config.json': '{ "output": { "widths": [8] } }' })
  await project.write({ 'src/logo.image.yaml': 'prompt: Another logo\nsize: 1024x1024\n' })
  const passes = exports.length
  await expect.poll(() => exports.length).toBeGreaterThan(passes)
  expect(warnings.filter(text => text.includes('imagegen.config.json'))).toHaveLength(1)
})

test('nothing is written before each manifest was once without faults', async () => {
  const { project, exports, faults } = await startWatch(
    { 'src/logo.image.yaml': 'promt: x\n' },
    false,
  )
  await expect.poll(() => faults).toContainEqual(expect.stringContaining('src/logo.image.yaml:1'))
  expect(exports).toEqual([])
  await project.write({ 'src/logo.image.yaml': FILES['src/logo.image.yaml'] })
  await expect.poll(() => exports.at(-1)?.waiting).toBe(0)
  expect(Object.keys(await catalogOf(project))).toEqual(['logo', 'site'])
})
