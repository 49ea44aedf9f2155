import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import type {
  GalleryData,
  GalleryImage,
  GalleryPicture,
} from '../../src/gallery/data/gallery-data.ts'
import type { GalleryReview, ReviewedImage } from '../../src/gallery/data/gallery-review.ts'
import type { FileOnDisk } from '../../src/gallery/static/write-static-gallery.ts'
import { drawLandscape, firstPicture, type SampleGallery, sampleImage } from './sample-gallery.ts'

const DAY = 86_400_000
const EUR = 'EUR'
export const SITE = 'src/site.image.yaml'
const SHOP = 'src/shop/productos-más-vendidos.image.yaml'
export const WORLD = 'src/content/多言語/المحتوى.image.yaml'
const DEEP =
  'packages/marketing/src/campaigns/autumn/landing-pages/very/deep/folder/structure.image.yaml'

const LONG =
  'a-name-that-nobody-would-ever-write-but-that-somebody-will-write-in-the-end-because-they-can'
export const FAILED = `${SITE}#refused`
export const UNUSABLE = `${SITE}#unusable`
export const HERO = `${SITE}#hero`
export const TALL = `${SITE}#story-1`
export const CLEAR = `${SITE}#logo`

/** Names and prompts of the world. */
const TEXTS: readonly (readonly [name: string, prompt: string])[] = [
  ['منارة-فوق-البحر', 'منارة على منحدر، تُرى من البحر عند الفجر، ضوء ناعم، أسلوب مسطّح بلا نصوص.'],
  ['灯台と霧の海', '夜明けの海から見た崖の上の灯台。柔らかい光、フラットなベクター、文字なし。'],
  ['מגדלור-בלילה', 'מגדלור על צוק, ים שקט, אור ראשון של בוקר, בלי טקסט.'],
  ['港口的红色渔船', '清晨港口里停着三艘红色渔船，雾气弥漫，扁平矢量风格，没有文字。'],
  ['маяк-и-туман', 'Маяк на скале, туман над водой, мягкий утренний свет.'],
  ['ประภาคาร', 'ประภาคารบนหน้าผา แสงแรกของวัน'],
]

/** Width and height of pictures, from a story to a banner. */
const SIZES = ['1536x1024', '1024x1024', '1024x1536', '1920x1080', '1080x1920', '2560x640'] as const

/** Draws pictures into a folder, and describes them. */
function createPainter(folder: string, now: Date) {
  const files: FileOnDisk[] = []
  async function paint(
    seed: number,
    size: string,
    { isClear = false, ...more }: Partial<GalleryPicture> & { readonly isClear?: boolean } = {},
  ): Promise<GalleryPicture> {
    const [width = 1024, height = 1024] = size.split('x').map(Number)
    const name = `p${seed}-${size}${isClear ? '-clear' : ''}`
    const file = path.join(folder, `${name}.png`)
    const svg = drawLandscape(Math.round(width / 4), Math.round(height / 4), seed, isClear)
    const { size: bytes } = await sharp(Buffer.from(svg)).png().toFile(file)
    const picture = firstPicture(name, size)
    files.push({ url: picture.url, path: file })
    return {
      ...picture,
      width,
      height,
      bytes: bytes * 30,
      createdAt: new Date(now.getTime() - (1 + seed) * 0.7 * DAY).toISOString(),
      cost: { amount: 0.02 * (1 + (seed % 4)), currency: EUR },
      ...more,
    }
  }
  return { files, paint }
}

type Paint = ReturnType<typeof createPainter>['paint']

/** Sixty images of every kind: states, scripts, proportions, names, transparent ones. */
export async function createMixedGallery(folder: string, now: Date): Promise<SampleGallery> {
  await mkdir(folder, { recursive: true })
  const { files, paint } = createPainter(folder, now)
  const own = [...(await siteImages(paint)), ...troubledImages(now), ...(await worldImages(paint))]
  const images = [...own, ...(await plainImages(paint, 60 - own.length))]
  const data: GalleryData = {
    version: 3,
    project: 'Harbour Light',
    createdAt: now.toISOString(),
    mode: 'generate',
    budget: { spent: 12, limit: 100, spend: { spent: 0.62, limit: 5, currency: EUR } },
    cost: { spent: 3.86, possiblyWasted: 0.16, unpriced: 0, currency: EUR },
    today: { spent: 0.62, possiblyWasted: 0, unpriced: 0, currency: EUR },
    actions: { token: 'sample-token' },
    images: images.map(image => ({ ...image, price: { amount: 0.04, currency: EUR } })),
    faults: [],
  }
  return { files, data }
}

async function siteImages(paint: Paint): Promise<readonly GalleryImage[]> {
  const hero = sampleImage('hero', 2, {
    prompt:
      'A lighthouse on a cliff, seen from the sea, first light on the water, gulls far off.\n\nFlat vector, soft morning light, palette of #0f172a and #38bdf8.',
    size: '1920x1080',
    alt: 'Lighthouse on a cliff',
    crops: [
      { variant: 'phone', left: 0.3, top: 0, width: 0.45, height: 1, sizes: ['640x800'] },
      { variant: 'card', left: 0.1, top: 0.2, width: 0.8, height: 0.6, sizes: ['1200x506'] },
    ],
    variants: [
      { name: 'phone', media: '(max-width: 40rem)', thumbnailUrl: 'files/p0-1920x1080.png' },
      { name: 'card', media: '(min-width: 90rem)', thumbnailUrl: 'files/p0-1920x1080.png' },
    ],
    picture: await paint(0, '1920x1080', {
      revisedPrompt: 'A stylised flat vector lighthouse standing on a steep cliff at dawn.',
    }),
    alternatives: [
      await paint(3, '1920x1080', { revision: 2 }),
      await paint(4, '1920x1080', { revision: 3 }),
      await paint(9, '1920x1080', { usable: false, prompt: 'A lighthouse at noon' }),
    ],
  })
  const logo = { prompt: 'A gull as a logo, transparent background', size: '1024x1024' }
  const stories = [1, 2, 3].map(async at =>
    sampleImage(`story-${at}`, 5 + at, {
      prompt: `A story about the keeper, part ${at}`,
      size: '1080x1920',
      picture: await paint(at, '1080x1920'),
    }),
  )
  return [
    hero,
    sampleImage('logo', 5, { ...logo, picture: await paint(2, '1024x1024', { isClear: true }) }),
    ...(await Promise.all(stories)),
    sampleImage('banner', 10, { size: '2560x640', picture: await paint(1, '2560x640') }),
    sampleImage('other-size', 11, {
      size: '1536x1024',
      picture: await paint(5, '1254x1254', { size: '1536x1024', attempts: 2 }),
    }),
    sampleImage(LONG, 12, { size: '1536x1024', picture: await paint(6, '1536x1024') }),
  ]
}

/** Those without a picture, or with one that is about to change. */
function troubledImages(now: Date): readonly GalleryImage[] {
  const since = new Date(now.getTime() - 84_000).toISOString()
  const refusal =
    'The API refused this prompt. It said: “Your request was rejected by the safety system. safety_violations=[violence]. If you believe this is an error, contact us at help.example.com and include the request ID req_0192f0e47c1a7b8e9d358a3f0b6e2c11.”'
  const unusable =
    'The API answered with a picture that cannot be used: it is cut off after 18,204 bytes of 1,240,113. It may have been billed.'
  return [
    sampleImage('refused', 20, {
      size: '1536x1024',
      status: { state: 'refused', problem: refusal },
      trouble: { reason: 'The API refused this prompt.', words: refusal },
    }),
    sampleImage('unusable', 21, {
      size: '1080x1920',
      status: { state: 'unusable', problem: unusable },
      trouble: {
        reason: 'The API answered with a picture that cannot be used.',
        words: unusable,
      },
    }),
    sampleImage('uncertain', 22, {
      size: '1536x1152',
      status: {
        state: 'uncertain',
        requestId: '0192f0e4-7c1a-7b8e-9d35-8a3f0b6e2c11',
        attempts: 1,
        since,
      },
    }),
    sampleImage('generating', 23, {
      size: '1920x1080',
      status: { state: 'generating', attempt: 1, requestId: 'r' },
      since,
    }),
    sampleImage('generating-tall', 24, {
      size: '1080x1920',
      status: { state: 'receiving', attempt: 1, bytes: 240_113 },
      since,
    }),
    sampleImage('queued', 25, { size: '1024x1024', status: { state: 'queued' } }),
    sampleImage('missing', 26, { size: '1024x1536' }),
    sampleImage('corrupt', 27, {
      size: '1152x1536',
      status: { state: 'corrupt', problem: 'The bytes on disk are not those of the entry.' },
      trouble: { reason: 'The bytes on disk are not those of the entry.' },
    }),
    sampleImage('blocked', 28, {
      size: '1536x1024',
      status: { state: 'blocked', by: [{ manifest: SITE, name: 'missing' }] },
      references: [{ label: 'missing', image: { manifest: SITE, name: 'missing' } }],
    }),
  ]
}

async function worldImages(paint: Paint): Promise<readonly GalleryImage[]> {
  return Promise.all(
    TEXTS.map(async ([name, prompt], index) => {
      const size = SIZES[index % SIZES.length] ?? '1024x1024'
      const picture = await paint(20 + index, size, { isClear: index === 3 })
      return sampleImage(name, 1 + index, { prompt, alt: prompt, size, picture }, WORLD)
    }),
  )
}

async function plainImages(paint: Paint, count: number): Promise<readonly GalleryImage[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const size = SIZES[index % SIZES.length] ?? '1024x1024'
      const hasPicture = index % 9 !== 8
      const more = hasPicture ? { size, picture: await paint(30 + index, size) } : { size }
      const name = `product-${index + 1}`
      return sampleImage(name, 1 + index, more, index % 2 === 0 ? SHOP : DEEP)
    }),
  )
}

/** What a branch changed: proportions, words in two directions, transparent pictures. */
export function mixedReview({ images }: GalleryData): GalleryReview {
  const find = (name: string): GalleryImage => {
    const image = images.find(({ id }) => id.name === name)
    if (!image) throw new Error(`There is no ${name}.`)
    return image
  }
  const [hero, tall, logo] = [find('hero'), find('story-1'), find('logo')]
  const change = (
    image: GalleryImage,
    what: ReviewedImage['change'],
    more: Partial<ReviewedImage> = {},
  ): ReviewedImage => ({
    image: image.id,
    change: what,
    samePicture: false,
    words: [],
    ...more,
  })
  const before = (image: GalleryImage) => (image.picture ? { before: image.picture } : {})
  const arabic = TEXTS[0]?.[1] ?? ''
  const cost = { cost: { amount: 0.08, currency: EUR } }
  return {
    since: 'origin/main',
    commit: '4f2a91c',
    unchanged: 52,
    cost: { amount: 0.24, currency: EUR },
    images: [
      change(hero, 'changed', {
        ...before(tall),
        ...cost,
        words: [
          { field: 'prompt', before: 'A lighthouse at noon', after: hero.prompt },
          { field: 'size', before: '1080x1920', after: '1920x1080' },
          { field: 'alt', after: 'Lighthouse on a cliff' },
          {
            field: 'output',
            before: '{\n "widths": [\n  640\n ]\n}',
            after: '{\n "formats": [\n  "avif",\n  "webp"\n ]\n}',
          },
        ],
      }),
      change(tall, 'changed', { ...before(hero), ...cost }),
      change(logo, 'kept', {
        ...before(logo),
        samePicture: true,
        words: [{ field: 'prompt', before: 'A gull', after: logo.prompt }],
      }),
      change(find(TEXTS[0]?.[0] ?? ''), 'changed', {
        ...before(logo),
        ...cost,
        words: [{ field: 'prompt', before: 'منارة في الليل', after: arabic }],
      }),
      change(find(LONG), 'added'),
      change(find('refused'), 'added'),
      change({ ...hero, id: { manifest: SITE, name: 'gone' } }, 'removed', before(tall)),
      change({ ...hero, id: { manifest: SITE, name: 'lost' } }, 'removed'),
    ],
  }
}
