import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { ImageTemplate } from '../../src/module/image-template.ts'
import { sha256 } from '../../src/system/digest.ts'
import { createProject, failureOf, open, plain, startApi } from '../support/project.ts'

const HERO = 'images:\n  hero: { prompt: A lighthouse, size: 1024x1024 }\n'

const assetOf = ({ assemble }: ImageTemplate) => assemble(({ path }) => path)

function drawn(format: 'png' | 'jpeg' | 'webp' | 'avif' | 'gif' | 'tiff'): Promise<Buffer> {
  return sharp({ create: { width: 64, height: 48, channels: 3, background: '#38bdf8' } })
    .toFormat(format)
    .toBuffer()
}

describe('other dimensions than asked', () => {
  test('are a warning, and the picture is taken as it is', async () => {
    const project = await createProject({ 's.image.yaml': HERO })
    const api = await startApi()
    api.failNext({ picture: await drawn('png') })
    const { pipeline, warnings } = await open(project, api.url, { onSizeMismatch: 'warn' })
    const { images } = await pipeline.resolveModule(path.join(project.root, 's.image.yaml'))
    expect(images.map(assetOf)).toMatchObject([{ width: 64, height: 48 }])
    expect(warnings()).toEqual([
      's.image.yaml#hero: the picture is 64x48, but 1024x1024 was requested. It is used unchanged. Set `output.aspect` to crop it.',
    ])
  })

  test('are an error when asked so, which loses nothing', async () => {
    const project = await createProject({ 's.image.yaml': HERO })
    const api = await startApi()
    const strict = await open(project, api.url, { onSizeMismatch: 'error' })
    const { message } = await failureOf(strict.pipeline.generate())
    expect(message).toBe(
      '1 of 1 image failed:\n- s.image.yaml#hero: the picture is 32x32, but 1024x1024 was requested. It is kept as an original. Set `onSizeMismatch` to "warn" to use it, or write another `revision` to generate another picture.',
    )
    const lenient = await open(project, api.url, { onSizeMismatch: 'ignore' })
    await lenient.pipeline.generate()
    expect(lenient.warnings()).toEqual([])
    expect(api.count).toBe(1)
  })
})

describe.each(['jpeg', 'webp'] as const)('an answer in %s', format => {
  test('is kept as it came under its true extension, and converted where a PNG is wanted', async () => {
    const project = await createProject({
      's.image.yaml': `${HERO}  night: { prompt: At night, references: [{ image: hero }] }\n`,
    })
    const api = await startApi()
    const picture = await drawn(format)
    api.failNext({ picture })
    const { pipeline, warnings } = await open(project, api.url)
    const { images } = await pipeline.resolveModule(path.join(project.root, 's.image.yaml'))
    expect(warnings()).toEqual([
      `s.image.yaml#hero: the API answered with ${format.toUpperCase()} instead of PNG. The file is kept unchanged and converted where another format is needed.`,
    ])
    const digest = sha256(picture)
    const extension = format === 'jpeg' ? 'jpg' : format
    const blob = path.join(
      project.root,
      '.imagegen/blobs',
      digest.slice(0, 2),
      `${digest}.${extension}`,
    )
    expect((await readFile(blob)).equals(picture)).toBe(true)
    const [hero] = images
    const asset = hero && assetOf(hero)
    expect(asset).toMatchObject({ format: 'png', type: 'image/png', width: 64, height: 48 })
    await expect(sharp(hero?.files[0]?.path).metadata()).resolves.toMatchObject({ format: 'png' })
    // As a reference it travels under its true type.
    expect(api.requests[1]?.files).toMatchObject([
      { name: `hero.${extension}`, type: `image/${format}`, digest },
    ])
  })
})

describe.each(['avif', 'gif', 'tiff'] as const)('an answer in %s', format => {
  const MANIFEST = `${HERO}  fine: { prompt: Two keepers, size: 1024x1024 }\n`
  const warning = `s.image.yaml#hero: the API answered with ${format.toUpperCase()} instead of PNG. The file is kept unchanged and converted where another format is needed.`

  test('is an original like any other, which later plans and builds use', async () => {
    const project = await createProject({ 's.image.yaml': MANIFEST })
    const api = await startApi()
    const picture = await drawn(format)
    api.failWhen('lighthouse', { picture })
    const first = await open(project, api.url)
    await first.pipeline.generate()
    expect(first.warnings()).toEqual([warning])

    const { pipeline, warnings } = await open(project, api.url, { mode: 'frozen' })
    const { images: planned } = await pipeline.plan()
    expect(planned.map(({ status }) => status.state)).toEqual(['ready', 'ready'])
    const { images } = await pipeline.resolveModule(path.join(project.root, 's.image.yaml'))
    const [hero] = images
    const asset = hero && assetOf(hero)
    expect(asset).toMatchObject({ format: 'png', type: 'image/png', width: 64, height: 48 })
    await expect(sharp(hero?.files[0]?.path).metadata()).resolves.toMatchObject({ format: 'png' })
    expect(warnings()).toEqual([])
    expect(api.count).toBe(2)
  })

  test('is sent as PNG where another image refers to it, and counts by its own bytes', async () => {
    const project = await createProject({
      's.image.yaml': `${HERO}  night: { prompt: At night, references: [{ image: hero }] }\n`,
    })
    const api = await startApi()
    const picture = await drawn(format)
    api.failNext({ picture })
    const { pipeline } = await open(project, api.url)
    await pipeline.generate()
    expect(api.requests[1]?.files).toMatchObject([{ name: 'hero.png', type: 'image/png' }])
    const { images } = await pipeline.plan()
    const digest = sha256(picture)
    expect(images[1]?.request?.references).toEqual([digest])
    expect(images.map(({ status }) => status.state)).toEqual(['ready', 'ready'])
    expect(api.count).toBe(2)
  })
})

describe('a picture above limits.pixels', () => {
  const MANIFEST = `${HERO}  fine: { prompt: Two keepers, size: 1024x1024 }\n`

  test('is kept, and used without another request once the limit allows it', async () => {
    const project = await createProject({
      's.image.yaml': MANIFEST.replace('hero: {', 'hero: { output: { formats: [webp] },'),
    })
    const api = await startApi()
    api.failWhen('lighthouse', { picture: await drawn('png') })
    const file = path.join(project.root, 's.image.yaml')
    const small = await open(project, api.url, { limits: { pixels: 60 } })
    await small.pipeline.generate()
    expect(small.warnings()).toEqual([
      's.image.yaml#hero: The picture has 64×48 pixels; at most 60×60 are decoded (`limits.pixels`). It is kept as an original, and will be decoded once the limit allows it.',
    ])
    expect((await small.pipeline.plan()).images.map(({ status }) => status.state)).toEqual([
      'ready',
      'ready',
    ])
    const { message } = await failureOf(small.pipeline.resolveModule(file))
    expect(message).toContain('has 64×48 pixels; at most 60×60 are decoded. Raise `limits.pixels`')

    const { pipeline } = await open(project, api.url, { limits: { pixels: 64 } })
    const { images } = await pipeline.resolveModule(file)
    expect(images.map(assetOf)[0]).toMatchObject({ format: 'webp', width: 64, height: 48 })
    expect(api.count).toBe(2)
  })
})

describe('an answer that is not a usable picture', () => {
  const cases: readonly (readonly [string, () => Promise<Buffer>, RegExp])[] = [
    [
      'half a PNG',
      async () => {
        const whole = await drawn('png')
        return whole.subarray(0, whole.length >> 1)
      },
      /The png picture is damaged or incomplete and cannot be decoded: .+\./,
    ],
    [
      'an SVG',
      async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      /It is not a raster picture. Use png, jpeg, webp/,
    ],
    ['text', async () => Buffer.from('Sorry, I cannot draw this.'), /It is not a raster picture/],
  ]
  test.each(cases)('%s is kept in quarantine, and named', async (_name, make, words) => {
    const project = await createProject({
      's.image.yaml': `${HERO}  team: { prompt: Two keepers }\n`,
    })
    const api = await startApi()
    const picture = await make()
    api.failWhen('lighthouse', { picture }, 1)
    const { pipeline } = await open(project, api.url)
    const error = await failureOf(pipeline.generate())
    const message = plain(error.message, project)
    expect(message).toMatch(
      /^1 of 2 images failed:\n- s\.image\.yaml#hero: The answer held no usable/,
    )
    expect(message).toMatch(words)
    expect(message).toContain('is kept in <root>/.imagegen/local/quarantine/')
    expect(message).toContain('The other one is generated and kept')
    const [kept = '', answer = ''] = [...error.message.matchAll(/\/\S+quarantine\/[^\s,]+/g)].map(
      ([file]) => file.replace(/\.$/, ''),
    )
    expect((await readFile(kept)).equals(picture)).toBe(true)
    expect((await stat(answer)).size).toBeGreaterThan(picture.length)
    // It was never an original, and the next run does not request it again on its own.
    expect((await project.files('.imagegen/entries')).length).toBe(1)
    expect((await project.files('.imagegen/unusable')).length).toBe(1)
    const later = await open(project, api.url)
    expect((await later.pipeline.plan()).images.map(({ status }) => status.state)).toEqual([
      'unusable',
      'ready',
    ])
    const { message: again } = await failureOf(later.pipeline.generate())
    expect(again).toContain('`imagegen generate --again s.image.yaml#hero`')
    expect(api.count).toBe(2)
    await later.pipeline.generate({
      images: [{ manifest: 's.image.yaml', name: 'hero' }],
      again: true,
    })
    expect(api.count).toBe(3)
    expect(await project.files('.imagegen/unusable')).toEqual([])
    expect((await readFile(kept)).equals(picture)).toBe(true)
  })
})
