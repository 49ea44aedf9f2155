import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { expect, test } from 'vitest'
import { describeCrops, findCrops } from '../../src/gallery/data/description/describe-crops.ts'
import type { ManifestImage } from '../../src/manifest/manifest.ts'
import { createRenditions } from '../../src/renditions/create-renditions.ts'
import type { RenditionSource } from '../../src/renditions/rendition.ts'
import { parse } from '../manifest/parse.ts'
import { writeSource } from '../renditions/pictures.ts'
import { temporaryFolder } from '../support/folder.ts'

const PICTURE: RenditionSource = {
  path: '/nowhere.png',
  digest: '0'.repeat(64) as RenditionSource['digest'],
  format: 'png',
  width: 2000,
  height: 1000,
  composite: false,
}

const open = (folder: string) =>
  createRenditions({ cacheDir: path.join(folder, 'cache'), pixels: 3840 })

function imageWith(output: string): ManifestImage {
  const [image] = parse(`prompt: x\noutput: ${output}\n`).images
  if (!image) throw new Error('The manifest has no image.')
  return image
}

async function cropsOf(output: string) {
  return describeCrops(imageWith(output), PICTURE, open(await temporaryFolder()))
}

test('a crop is the part of the picture that its files show', async () => {
  expect(await cropsOf('{ aspect: "1:1", widths: [500, 800] }')).toEqual({
    crops: [{ left: 0.25, top: 0, width: 0.5, height: 1, sizes: ['500x500', '800x800'] }],
    isCut: false,
  })
  expect(await cropsOf('{ aspect: "4:1", position: "30% 20%" }')).toEqual({
    crops: [{ left: 0, top: 0.1, width: 1, height: 0.5, sizes: ['2000x500'] }],
    isCut: false,
  })
})

test('its files are those of a picture of fixed width as well', async () => {
  const { crops } = await cropsOf('{ aspect: "1:1", width: 200, densities: [2] }')
  expect(crops.map(({ sizes }) => sizes)).toEqual([['200x200', '400x400']])
})

test.each(['{ widths: [500] }', '{ aspect: "2:1" }', '{ aspect: "1:1", fit: contain }'])(
  'there is none where all of the picture is shown: %s',
  async output => {
    expect(await cropsOf(output)).toEqual({ crops: [], isCut: false })
  },
)

test('variants of the same picture have crops of their own, under their names', async () => {
  const { images } = parse(`
images:
  hero:
    prompt: x
    variants:
      phone: { media: "(max-width: 40rem)", output: { aspect: "1:2", position: right } }
      dark: { media: "(prefers-color-scheme: dark)", image: night, output: { aspect: "1:1" } }
  night: { prompt: y }
`)
  const [hero] = images
  if (!hero) throw new Error('The manifest has no image.')
  const { crops } = await describeCrops(hero, PICTURE, open(await temporaryFolder()))
  expect(crops).toEqual([
    { variant: 'phone', left: 0.75, top: 0, width: 0.25, height: 1, sizes: ['500x1000'] },
  ])
})

/** Noise, in which every place differs from every other, and something bright to the right. */
async function drawScene(folder: string): Promise<RenditionSource> {
  const { data, info } = await sharp({
    create: {
      width: 1200,
      height: 600,
      channels: 3,
      background: '#666',
      noise: { type: 'gaussian', mean: 110, sigma: 12 },
    },
  })
    .png()
    .toBuffer({ resolveWithObject: true })
  const light = await sharp({
    create: { width: 160, height: 160, channels: 3, background: '#ff3300' },
  })
    .png()
    .toBuffer()
  const bytes = await sharp(data)
    .composite([{ input: light, left: Math.round(info.width * 0.72), top: 200 }])
    .png()
    .toBuffer()
  return writeSource(folder, bytes)
}

/** The mean difference of two pictures, from 0 to 255. */
async function difference(one: Sharp, other: Sharp): Promise<number> {
  const [a, b] = await Promise.all([one, other].map(each => each.removeAlpha().raw().toBuffer()))
  if (!a || !b || a.length !== b.length) return Number.POSITIVE_INFINITY
  return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / a.length
}

test.each(['attention', 'entropy'] as const)(
  'where %s crops is known once it was found, and is what the file shows',
  async position => {
    const folder = await temporaryFolder()
    const source = await drawScene(folder)
    const image = imageWith(
      `{ formats: [png], aspect: "1:1", widths: [300, 600], position: ${position} }`,
    )
    expect(await describeCrops(image, source, open(folder))).toEqual({ crops: [], isCut: true })

    const renditions = open(folder)
    const [crop] = await findCrops(image, source, renditions)
    const files = await renditions.render(source, renditions.plan(source, image.output))
    const file = files.find(({ rendition }) => rendition.width === 600)
    if (!crop || !file) throw new Error('There is no crop.')
    const part = {
      left: Math.round(crop.left * source.width),
      top: Math.round(crop.top * source.height),
      width: Math.round(crop.width * source.width),
      height: Math.round(crop.height * source.height),
    }
    expect(part.left).toBeGreaterThan(200)
    expect(crop.sizes).toEqual(['300x300', '600x600'])
    const shown = sharp(source.path).extract(part).resize(600, 600)
    expect(await difference(shown, sharp(file.path))).toBeLessThan(1)
    const beside = sharp(source.path)
      .extract({ ...part, left: part.left - 8 })
      .resize(600, 600)
    expect(await difference(beside, sharp(file.path))).toBeGreaterThan(5)

    // Another process decodes nothing: the original is gone.
    await writeFile(source.path, '')
    expect(await describeCrops(image, source, open(folder))).toEqual({
      crops: [crop],
      isCut: false,
    })
  },
)

test('a file that was made says where it was cropped', async () => {
  const folder = await temporaryFolder()
  const source = await drawScene(folder)
  const image = imageWith('{ formats: [webp], aspect: "1:1", widths: [300], position: attention }')
  const renditions = open(folder)
  await renditions.render(source, renditions.plan(source, image.output))
  expect((await describeCrops(image, source, open(folder))).isCut).toBe(false)
})
