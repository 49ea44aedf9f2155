import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { OutputSettings } from '../../src/manifest/manifest.ts'
import { createRenditions } from '../../src/renditions/create-renditions.ts'
import type { RenditionSource } from '../../src/renditions/rendition.ts'
import { temporaryFolder } from '../support/folder.ts'
import { drawPhoto } from '../support/photo.ts'
import { drawPng, writeSource } from './pictures.ts'

const open = (folder: string) => createRenditions({ cacheDir: join(folder, 'cache'), pixels: 3840 })

async function render(folder: string, source: RenditionSource, output: OutputSettings) {
  const renditions = open(folder)
  return renditions.render(source, renditions.plan(source, output))
}

/** Grey, with a red spot far to the right. */
async function writeSpot(folder: string): Promise<RenditionSource> {
  const spot = await sharp({
    create: { width: 120, height: 120, channels: 3, background: '#ff0000' },
  })
    .png()
    .toBuffer()
  const bytes = await sharp({
    create: { width: 900, height: 300, channels: 3, background: '#888888' },
  })
    .composite([{ input: spot, left: 660, top: 90 }])
    .png()
    .toBuffer()
  return writeSource(folder, bytes)
}

/** Where the red spot begins and ends, in per cent of the width; undefined when it was cut off. */
async function spotIn(path: string): Promise<readonly number[]> {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const row = Math.floor(info.height / 2) * info.width
  const red = Array.from({ length: info.width }, (_, x) => x).filter(x => {
    const at = (row + x) * info.channels
    return (data[at] ?? 0) > 200 && (data[at + 1] ?? 255) < 80
  })
  return red.length === 0 ? [] : [red[0] ?? 0, red.at(-1) ?? 0].map(x => (100 * x) / info.width)
}

describe('position', () => {
  const output: OutputSettings = { formats: ['png'], widths: [75, 150, 300], aspect: [1, 1] }

  it.each([
    ['the middle cuts it off', undefined, []],
    ['the right side', [100, 0] as const, [20, 60]],
    ['a point', [90, 50] as const, [40, 80]],
  ])('%s', async (_, position, expected) => {
    const folder = await temporaryFolder()
    const source = await writeSpot(folder)
    const files = await render(folder, source, { ...output, ...(position && { position }) })
    for (const { path } of files) {
      const found = await spotIn(path)
      expect(found.length).toBe(expected.length)
      for (const [index, at] of found.entries()) {
        expect(Math.abs(at - (expected[index] ?? 0))).toBeLessThan(4)
      }
    }
  })

  it.each(['attention', 'entropy'] as const)(
    '%s finds the spot, at one place in all widths',
    async position => {
      const folder = await temporaryFolder()
      const files = await render(folder, await writeSpot(folder), { ...output, position })
      const places = await Promise.all(files.map(({ path }) => spotIn(path)))
      for (const [start = 0, end = 0] of places) {
        expect(end - start).toBeGreaterThan(30)
        expect(Math.abs(start - (places[0]?.[0] ?? 0))).toBeLessThan(3)
      }
    },
  )
})

describe('quality and effort', () => {
  it('make smaller files, each format by its own', async () => {
    const folder = await temporaryFolder()
    const source = await writeSource(folder, await drawPng(200, 120))
    const sizes = async (output: OutputSettings) =>
      (await render(folder, source, { formats: ['avif', 'webp', 'jpeg', 'png'], ...output })).map(
        ({ size }) => size,
      )
    const usual = await sizes({})
    const low = await sizes({ quality: { avif: 10, jpeg: 20 } })
    expect(low.map((size, index) => size < (usual[index] ?? 0))).toEqual([true, false, true, false])
    const slow = await sizes({ effort: 9 })
    const fast = await sizes({ effort: 1 })
    for (const [index, size] of slow.entries()) expect(size).toBeLessThanOrEqual(fast[index] ?? 0)
    expect(slow[2]).toBeLessThan(fast[2] ?? 0)
  })
})

it('puts the background under transparent pixels of JPEG alone', async () => {
  const folder = await temporaryFolder()
  const source = await writeSource(folder, await drawPng(40, 40, 4))
  const [webp, jpeg] = await render(folder, source, {
    formats: ['webp', 'jpeg'],
    background: '#f59e0b',
  })
  const top = async (path = '') => [
    ...(await sharp(path).ensureAlpha().raw().toBuffer()).subarray(0, 4),
  ]
  expect((await top(webp?.path))[3]).toBe(0)
  const [red = 0, green = 0, blue = 0] = await top(jpeg?.path)
  expect(Math.abs(red - 0xf5) + Math.abs(green - 0x9e) + Math.abs(blue - 0x0b)).toBeLessThan(20)
})

describe('alpha', () => {
  it('is seen once, and then known without the picture', async () => {
    const folder = await temporaryFolder()
    const clear = await writeSource(folder, await drawPng(40, 40, 4))
    const opaque = await writeSource(folder, await drawPng(40, 40, 3))
    const solid = await sharp(await drawPng(40, 40, 3))
      .ensureAlpha()
      .png()
      .toBuffer()
    const claimed = await writeSource(folder, solid)
    const renditions = open(folder)
    expect(await renditions.knownAlpha(clear)).toBeUndefined()
    const seen = [clear, opaque, claimed].map(source => renditions.alpha(source))
    expect(await Promise.all(seen)).toEqual([true, false, false])
    for (const { path } of [clear, opaque, claimed]) await rm(path)
    const later = open(folder)
    expect(await Promise.all([clear, opaque, claimed].map(later.knownAlpha))).toEqual([
      true,
      false,
      false,
    ])
    expect(await later.alpha(clear)).toBe(true)
  })

  it('does not hide what a record of an earlier version knows', async () => {
    const folder = await temporaryFolder()
    const source = await writeSource(folder, await drawPng(40, 40, 4))
    const made = await render(folder, source, { formats: ['webp'] })
    await open(folder).alpha(source)
    await rm(source.path)
    expect(await render(folder, source, { formats: ['webp'] })).toEqual(made)
    const record = join(folder, 'cache/records', `${source.digest}.json`)
    expect(JSON.parse(await readFile(record, 'utf8'))).toMatchObject({ version: 1, alpha: true })
  })
})

it('reads a source once, and then its record as long as the file stays the same', async () => {
  const folder = await temporaryFolder()
  const file = join(folder, 'photo.jpg')
  await writeFile(file, await drawPhoto(60, 90))
  const later = { cacheDir: join(folder, 'cache'), pixels: 3840, now: () => Date.now() + 60_000 }
  const first = await createRenditions(later).readSource(file)
  expect(first).toMatchObject({ path: file, format: 'jpeg', width: 60, height: 90 })
  const [name = ''] = await readdir(join(folder, 'cache/sources'))
  const record = join(folder, 'cache/sources', name)
  const written = JSON.parse(await readFile(record, 'utf8'))
  await writeFile(record, JSON.stringify({ ...written, width: 61 }))
  expect((await createRenditions(later).readSource(file)).width).toBe(61)
  await writeFile(record, '{')
  expect(await createRenditions(later).readSource(file)).toEqual(first)
  await writeFile(file, await drawPhoto(30, 45))
  expect((await createRenditions(later).readSource(file)).width).toBe(30)
})
