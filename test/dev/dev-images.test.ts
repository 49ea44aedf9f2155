import { rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openBudget } from '../../src/budget/open-budget.ts'
import type { Options } from '../../src/config/options.ts'
import { createDevImages } from '../../src/dev/dev-images.ts'
import type { DevEvent } from '../../src/dev/images/dev-manifest.ts'
import { openProject } from '../../src/pipeline/open-pipeline.ts'
import { drawPhoto } from '../support/photo.ts'
import { API_KEY, createSite, type SiteOptions } from './dev-site.ts'

const SOON = { timeout: 10_000 }

const one = (prompt: string) => `prompt: ${prompt}\nsize: 1024x1024\n`

async function start(
  files: Readonly<Record<string, string>>,
  options: Options = {},
  {
    hasKey = true,
    quiet = 30,
    budgetInterval = 60_000,
    ...site
  }: SiteOptions & { quiet?: number; budgetInterval?: number } = {},
) {
  const { root, api, write } = await createSite(files, site)
  const variables = new Map([['LLMEASY_BASE_URL', api.url]])
  if (hasKey) variables.set('LLMEASY_API_KEY', API_KEY)
  const pipeline = await openProject(
    { root, onSizeMismatch: 'ignore', ...options },
    { start: root, readVariable: name => variables.get(name) },
  )
  const images = createDevImages(pipeline, { quiet, budgetInterval })
  const events: DevEvent[] = []
  images.on(event => events.push(event))
  onTestFinished(async () => {
    images.close()
    await pipeline.close()
  })
  const kinds = () =>
    images.manifests().flatMap(manifest => manifest.images.map(({ live }) => live.shown.kind))
  const warnings = () => events.flatMap(event => (event.type === 'warning' ? event.message : []))
  return {
    root,
    api,
    write,
    images,
    events,
    kinds,
    warnings,
    at: (name: string) => path.join(root, name),
  }
}

test('fifty missing images keep nobody waiting', async () => {
  const images = Array.from(
    { length: 50 },
    (_, index) => `  i${index}: { prompt: Number ${index} }\n`,
  )
  const {
    images: dev,
    api,
    at,
  } = await start({ 'many.image.yaml': `images:\n${images.join('')}` }, {}, { quiet: 60_000 })
  const manifest = await dev.open(at('many.image.yaml'))
  expect(manifest.images.map(({ live }) => live.shown.kind)).toEqual(Array(50).fill('draft'))
  // They were all described before a single answer came.
  expect(api.billed).toBe(0)
})

test('requests once it was quiet, and never per save', async () => {
  const { images, api, write, kinds, at } = await start(
    { 'hero.image.yaml': one('A') },
    {},
    { quiet: 500 },
  )
  await images.open(at('hero.image.yaml'))
  for (const prompt of ['A l', 'A light', 'A lighthouse']) {
    await write({ 'hero.image.yaml': one(prompt) })
    await images.refresh(at('hero.image.yaml'))
  }
  await expect.poll(kinds, SOON).toEqual(['picture'])
  expect(api.requests.map(({ prompt }) => prompt)).toEqual(['A lighthouse'])
})

test('is not kept waiting by who only reads', async () => {
  const { images, kinds, at } = await start({ 'hero.image.yaml': one('A') }, {}, { quiet: 500 })
  const file = at('hero.image.yaml')
  const readOften = async () => {
    await images.open(file)
    return kinds()
  }
  await expect.poll(readOften, { ...SOON, interval: 20 }).toEqual(['picture'])
})

test('keeps what was overtaken by a newer prompt', async () => {
  const { images, api, write, at } = await start(
    { 'hero.image.yaml': one('First') },
    {},
    { delay: 300 },
  )
  const file = at('hero.image.yaml')
  await images.open(file)
  await expect.poll(() => api.count, SOON).toBe(1)
  await write({ 'hero.image.yaml': one('Second') })
  await images.refresh(file)
  const promptShown = () => {
    const shown = images.manifests()[0]?.images[0]?.live.shown
    return shown?.kind === 'picture' && shown.current && shown.original?.entry.request.prompt
  }
  await expect.poll(promptShown, SOON).toBe('Second')
  await expect.poll(() => api.billed, SOON).toBe(2)
  await write({ 'hero.image.yaml': one('First') })
  await images.refresh(file)
  await expect.poll(promptShown, SOON).toBe('First')
  expect(api.count).toBe(2)
})

test.each([
  ['manual', { dev: { generate: 'manual' as const } }, true, []],
  ['frozen', { mode: 'frozen' as const }, true, [expect.stringContaining('frozen')]],
  ['without a key', {}, false, [expect.stringContaining('LLMEASY_API_KEY')]],
])('requests nothing by itself: %s', async (_name, options, hasKey, expected) => {
  const { images, api, kinds, warnings, at } = await start(
    { 'a.image.yaml': one('A'), 'b.image.yaml': one('B') },
    options,
    { hasKey },
  )
  await images.open(at('a.image.yaml'))
  await images.open(at('b.image.yaml'))
  await expect.poll(warnings, SOON).toEqual(expected)
  await images.refresh(at('a.image.yaml'))
  expect(kinds()).toEqual(['draft', 'draft'])
  expect(warnings()).toEqual(expected)
  expect(api.count).toBe(0)
})

test('requests on demand, within the budget of the whole session', async () => {
  const { images, api, kinds, warnings, at } = await start(
    { 'a.image.yaml': one('A'), 'b.image.yaml': one('B') },
    { dev: { generate: 'manual' }, budget: { images: 1 } },
  )
  for (const name of ['a.image.yaml', 'b.image.yaml']) {
    const manifest = await images.open(at(name))
    const planned = manifest.images.map(image => image.planned)
    await images.generations.generate(planned, { manifests: [at(name)] })
  }
  await expect.poll(kinds, SOON).toEqual(['picture', 'draft'])
  expect(warnings()).toEqual([expect.stringContaining('budget.images')])
  expect(api.count).toBe(1)
})

test('generates what the budget held back once there is room, and says so once', async () => {
  const { root, images, api, kinds, warnings, at } = await start(
    { 'a.image.yaml': one('A') },
    { budget: { images: 1 } },
    { budgetInterval: 50 },
  )
  const cacheDir = path.join(root, '.imagegen')
  const budget = openBudget({ cacheDir, limits: { images: 1 }, onWarning: () => undefined })
  const other = await budget.reserve({ requests: ['other'], list: '', example: '' })
  await images.open(at('a.image.yaml'))
  await expect.poll(warnings, SOON).toEqual([expect.stringContaining('budget.images')])
  const stateOf = () => {
    const [image] = images.manifests().flatMap(manifest => manifest.images)
    return image && images.generations.find(image.planned)?.status.state
  }
  await expect.poll(stateOf, SOON).toBe('held')
  expect(api.count).toBe(0)
  await other.release()
  await expect.poll(kinds, SOON).toEqual(['picture'])
  expect(warnings()).toHaveLength(1)
  expect(api.count).toBe(1)
})

test('generates what `budget.spend` held back once there is room', async () => {
  const budget = { spend: 0.05, prices: { '1024x1024': 0.04 } }
  const { root, images, api, kinds, warnings, at } = await start(
    { 'a.image.yaml': one('A') },
    { budget },
    { budgetInterval: 50 },
  )
  const cacheDir = path.join(root, '.imagegen')
  const limits = { images: 100, spend: 0.05 }
  const shared = openBudget({ cacheDir, limits, onWarning: () => undefined })
  const amounts = new Map([['other', 0.04]])
  const other = await shared.reserve({ requests: ['other'], amounts, list: '', example: '' })
  await images.open(at('a.image.yaml'))
  await expect.poll(warnings, SOON).toEqual([expect.stringContaining('budget.spend')])
  expect(api.count).toBe(0)
  await other.release()
  await expect.poll(kinds, SOON).toEqual(['picture'])
  expect(warnings()).toHaveLength(1)
  expect(api.count).toBe(1)
})

test('generates on demand what the budget held back, as soon as there is room', async () => {
  const { root, images, api, kinds, at } = await start(
    { 'a.image.yaml': one('A') },
    { dev: { generate: 'manual' }, budget: { images: 1 } },
  )
  const cacheDir = path.join(root, '.imagegen')
  const budget = openBudget({ cacheDir, limits: { images: 1 }, onWarning: () => undefined })
  const other = await budget.reserve({ requests: ['other'], list: '', example: '' })
  const { images: shown } = await images.open(at('a.image.yaml'))
  const planned = shown.map(image => image.planned)
  const ask = () => images.generations.generate(planned, { manifests: [at('a.image.yaml')] })
  await ask()
  expect(planned.map(image => images.generations.find(image)?.status.state)).toEqual(['held'])
  expect(api.count).toBe(0)
  await other.release()
  await ask()
  await expect.poll(kinds, SOON).toEqual(['picture'])
})

test('keeps the last good state of a manifest while it is faulty, and tells when it is mended', async () => {
  const { images, events, write, at } = await start(
    { 'hero.image.yaml': one('A') },
    { dev: { generate: 'manual' } },
  )
  const file = at('hero.image.yaml')
  await images.open(file)
  await write({ 'hero.image.yaml': 'prompt: [\n' })
  expect((await images.open(file)).images).toHaveLength(1)
  await images.refresh(file)
  expect([...images.faults().keys()]).toEqual([file])
  await write({ 'hero.image.yaml': one('A') })
  await images.refresh(file)
  expect(events.map(({ type }) => type).filter(type => type !== 'status')).toEqual([
    'fault',
    'mended',
  ])
  expect(images.faults().size).toBe(0)
})

test('tells a failure on the draft, and asks again only when the request is another', async () => {
  const { images, api, write, at } = await start({ 'hero.image.yaml': one('Forbidden') })
  const file = at('hero.image.yaml')
  api.failWhen('Forbidden', { status: 400, body: { error: { message: 'Not this one.' } } })
  await images.open(file)
  const draft = () => {
    const shown = images.manifests()[0]?.images[0]?.live.shown
    return shown?.kind === 'draft' ? shown.draft.state : shown?.kind
  }
  await expect.poll(draft, SOON).toBe('refused')
  await images.refresh(file)
  await write({ 'hero.image.yaml': one('Allowed') })
  await images.refresh(file)
  await expect.poll(draft, SOON).toBe('picture')
  expect(api.requests.map(({ prompt }) => prompt)).toEqual(['Forbidden', 'Allowed'])
})

test('asks once for an image that waits for another, and counts it once', async () => {
  const { images, api, kinds, at } = await start(
    {
      'site.image.yaml': `images:
  hero: { prompt: A lighthouse, size: 1024x1024 }
  night: { prompt: At night, size: 1024x1024, references: [{ image: hero }] }
`,
    },
    { budget: { images: 2 } },
    { delay: 150 },
  )
  let most = 0
  const looks: Promise<void>[] = []
  images.on(() => {
    looks.push(
      images.pipeline.budget().then(({ used }) => {
        most = Math.max(most, used)
      }),
    )
  })
  await images.open(at('site.image.yaml'))
  await expect.poll(kinds, SOON).toEqual(['picture', 'picture'])
  await Promise.all(looks)
  expect(most).toBe(2)
  expect(api.count).toBe(2)
})

test('tells an image called hero@2 from the second revision of hero', async () => {
  const { images, api, events, at } = await start(
    {
      'site.image.yaml': `images:
  hero: { prompt: A lighthouse, size: 1024x1024 }
  hero@2: { prompt: Another lighthouse, size: 1024x1024 }
`,
    },
    { dev: { generate: 'manual' } },
    { delay: 150 },
  )
  const file = at('site.image.yaml')
  const [hero, other] = (await images.open(file)).images.map(({ planned }) => planned)
  if (!hero || !other) throw new Error('Both images are there.')
  const { generations } = images
  const buying = generations.generate([other], { manifests: [file] })
  expect(generations.underWay(other.id)).toHaveLength(1)
  expect(generations.alternativesOf(hero.id)).toEqual([])
  await buying
  expect(events).toContainEqual({ type: 'status', image: other.id })

  const selection = { manifests: [file], images: [hero.id], revision: 2 }
  const { images: planned } = await images.pipeline.plan(selection)
  const alternative = generations.generate(planned, selection)
  expect(generations.alternativesOf(hero.id)).toHaveLength(1)
  expect(generations.underWay(other.id)).toEqual([])
  await alternative
  expect(api.requests.map(({ prompt }) => prompt)).toEqual(['Another lighthouse', 'A lighthouse'])
})

test('a manifest that was renamed is no fault, and is as it was when it comes back', async () => {
  const { images, events, write, root, at } = await start(
    { 'hero.image.yaml': one('A') },
    { dev: { generate: 'manual' } },
  )
  const file = at('hero.image.yaml')
  const [before] = (await images.open(file)).images
  await write({ 'hero.image.yaml': 'prompt: [\n' })
  await images.refresh(file)
  await rename(file, path.join(root, 'banner.image.yaml'))
  images.changed(file)
  await expect.poll(() => images.manifests().length, SOON).toBe(0)
  expect(images.faults().size).toBe(0)
  await expect(images.open(file)).rejects.toThrow(/hero\.image\.yaml/)
  await write({ 'hero.image.yaml': one('A') })
  images.changed(file)
  await expect.poll(() => images.manifests().length, SOON).toBe(1)
  expect(images.manifests()[0]?.images[0]?.version).toBe(before?.version)
  expect(events.map(({ type }) => type).filter(type => type !== 'status')).toEqual([
    'fault',
    'mended',
    'removed',
  ])
})

test('a source is shown at once, and again when its file changes', async () => {
  const { images, at, api } = await start({ 'site.image.yaml': 'source: ./photo.png\n' })
  const size = () => {
    const live = images.manifests()[0]?.images[0]?.live
    const [file] = live?.plan.formats.flat() ?? []
    return [live?.shown.kind, file?.format, file?.width, file?.height]
  }
  await images.open(at('site.image.yaml')).catch(() => undefined)
  expect(size()).toEqual(['draft', 'png', 1024, 1024])
  await writeFile(at('photo.png'), await drawPhoto(32, 48, 'png'))
  expect(images.watches(at('photo.png'))).toBe(true)
  images.changed(at('photo.png'))
  await expect.poll(size, SOON).toEqual(['picture', 'png', 32, 48])
  await writeFile(at('photo.png'), await drawPhoto(16, 24, 'jpeg'))
  images.changed(at('photo.png'))
  await expect.poll(size, SOON).toEqual(['picture', 'jpeg', 16, 24])
  expect(api.count).toBe(0)
})
