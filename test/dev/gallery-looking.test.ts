import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { GalleryCrops } from '../../src/gallery/data/gallery-exchanges.ts'
import { createSite, importAsPage, startVite } from './dev-site.ts'
import { type GalleryClient, openGallery } from './gallery-client.ts'

const MANIFEST = `images:
  hero:
    source: ./pictures/hero.png
    output: { formats: [png], placeholder: thumbhash }
    variants:
      phone: { media: "(max-width: 40rem)", output: { formats: [png], aspect: "1:1", position: attention } }
  tint: { source: ./pictures/hero.png, output: { formats: [png], widths: [64], placeholder: color } }
  blur: { source: ./pictures/hero.png, output: { formats: [png], widths: [64], placeholder: blur } }
`

const HERO = { manifest: 'site.image.yaml', name: 'hero' }

/** Grey to the left, something bright to the right. */
async function drawScene(file: string): Promise<void> {
  const size = { width: 900, height: 300, channels: 3 } as const
  const light = { create: { width: 120, height: 120, channels: 3, background: '#ff3300' } } as const
  await mkdir(path.dirname(file), { recursive: true })
  await sharp({ create: { ...size, background: '#777' } })
    .composite([{ input: await sharp(light).png().toBuffer(), left: 660, top: 90 }])
    .png()
    .toFile(file)
}

async function start() {
  const site = await createSite({
    'site.image.yaml': MANIFEST,
    'main.js': 'import * as site from "./site.image.yaml"\nconsole.log(site)',
  })
  await drawScene(path.join(site.root, 'pictures/hero.png'))
  const { url } = await startVite(site)
  return { url, gallery: await openGallery(url) }
}

const cropsOf = async (gallery: GalleryClient, image = HERO): Promise<GalleryCrops> =>
  (await gallery.get(`crops?${new URLSearchParams(image)}`)).json()

test('finds out where a strategy crops when somebody asks, and knows it from then on', async () => {
  const { gallery } = await start()
  const before = await gallery.image('hero')
  expect([before.crops, before.lacksCrops]).toEqual([undefined, true])
  const { crops } = await cropsOf(gallery)
  expect(crops).toMatchObject([{ variant: 'phone', top: 0, height: 1, sizes: ['300x300'] }])
  const [{ left, width } = { left: 0, width: 0 }] = crops
  expect(width).toBeCloseTo(1 / 3)
  // The bright square lies from 660 to 780.
  expect(left * 900).toBeLessThanOrEqual(660)
  expect((left + width) * 900).toBeGreaterThanOrEqual(780)
  const after = await gallery.image('hero')
  expect([after.crops, after.lacksCrops]).toEqual([crops, undefined])
})

test('answers about no image that is not there', async () => {
  const { gallery } = await start()
  const answer = await gallery.get(`crops?${new URLSearchParams({ ...HERO, name: 'gone' })}`)
  expect(answer.status).toBe(409)
  expect(await answer.json()).toEqual({
    error: 'There is no image site.image.yaml#gone any more. Reload the gallery.',
  })
})

test('shows each kind of placeholder, with what it takes in the page', async () => {
  const { gallery, url } = await start()
  await importAsPage(url, 'main.js')
  const placeholderOf = async (name: string) => {
    const { pictures } = await gallery.details({ ...HERO, name })
    return Object.values(pictures)[0]?.placeholder
  }
  await importAsPage(url, 'site.image.yaml')
  await expect.poll(() => placeholderOf('hero')).toBeDefined()
  const hero = await placeholderOf('hero')
  expect(hero).toMatchObject({ kind: 'thumbhash', color: expect.stringMatching(/^#[0-9a-f]{6}$/) })
  expect(hero?.bytes).toBeLessThan(40)
  const drawn = await fetch(new URL(hero?.url ?? '', `${url}__imagegen/`))
  expect(drawn.headers.get('content-type')).toBe('image/png')
  const { width, height } = await sharp(await drawn.arrayBuffer()).metadata()
  // A ThumbHash keeps about the proportions.
  expect(width / height).toBeGreaterThan(2.5)
  const blur = await placeholderOf('blur')
  expect(blur).toMatchObject({ kind: 'blur', url: expect.stringMatching(/^data:image\/webp/) })
  expect(blur?.bytes).toBe(blur?.url?.length)
  expect(await placeholderOf('tint')).toMatchObject({ kind: 'color', bytes: 7 })
})
