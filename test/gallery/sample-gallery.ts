import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import type {
  GalleryData,
  GalleryImage,
  GalleryPicture,
} from '../../src/gallery/data/gallery-data.ts'
import type { GalleryDetails, GalleryRendition } from '../../src/gallery/data/gallery-details.ts'
import type { FileOnDisk } from '../../src/gallery/static/write-static-gallery.ts'

const DAY = 86_400_000

/** Pictures of the sample: a sky, a light and hills, in the colours of a palette. */
const PALETTES: readonly (readonly [string, string, string, string])[] = [
  ['#f6d7b0', '#e8835a', '#7a3b52', '#2a1e3a'],
  ['#cfe9f5', '#7fb8d8', '#2f6690', '#16324f'],
  ['#f4e9cd', '#9dbe8c', '#468189', '#1d3b3f'],
  ['#1b1f3b', '#3d3b73', '#8d5a97', '#f2b5a7'],
  ['#fbe4d8', '#dfb6b2', '#854f6c', '#2b124c'],
]

export interface SampleGallery {
  readonly data: GalleryData
  readonly files: readonly FileOnDisk[]
}

/** A gallery with every state in it; its pictures are drawn into `folder`. */
export async function createSampleGallery(folder: string, now: Date): Promise<SampleGallery> {
  await mkdir(folder, { recursive: true })
  const files: FileOnDisk[] = []
  const draw = async (
    name: string,
    width: number,
    height: number,
    seed: number,
  ): Promise<number> => {
    const file = path.join(folder, `${name}.png`)
    const info = await sharp(Buffer.from(drawLandscape(width, height, seed)))
      .png()
      .toFile(file)
    files.push({ url: `files/${name}.png`, path: file })
    return info.size
  }
  const picture = async (
    name: string,
    size: string,
    seed: number,
    more: Partial<GalleryPicture> = {},
  ): Promise<GalleryPicture> => {
    const [width = 1024, height = 1024] = (
      more.width ? [more.width, more.height] : size.split('x').map(Number)
    ) as number[]
    const bytes = await draw(name, width / 2, height / 2, seed)
    return {
      ...firstPicture(name, size),
      width,
      height,
      bytes: bytes * 9,
      createdAt: new Date(now.getTime() - (3 + seed) * DAY).toISOString(),
      ...more,
    }
  }
  const since = new Date(now.getTime() - 84_000).toISOString()
  const images: GalleryImage[] = [
    sampleImage('hero', 2, {
      prompt:
        'A lighthouse on a cliff, seen from the sea, first light on the water, gulls far off.\n\nFlat vector, soft morning light, palette of #0f172a and #38bdf8.',
      size: '2048x1152',
      alt: 'Lighthouse on a cliff',
      crops: [
        {
          variant: 'phone',
          left: 0.3,
          top: 0,
          width: 0.45,
          height: 1,
          sizes: ['640x800', '922x1152'],
        },
      ],
      variants: [{ name: 'phone', media: '(max-width: 40rem)', thumbnailUrl: 'files/hero-1.png' }],
      picture: await picture('hero-1', '2048x1152', 0, {
        revisedPrompt:
          'A stylised flat vector lighthouse standing on a steep cliff, viewed from the sea at dawn, with a calm reflective surface and distant gulls.',
      }),
      alternatives: [
        await picture('hero-2', '2048x1152', 3, { revision: 2 }),
        await picture('hero-3', '2048x1152', 4, { revision: 3 }),
        await picture('hero-0', '2048x1152', 1, { usable: false, prompt: 'A lighthouse at noon' }),
      ],
    }),
    sampleImage('hero-night', 9, {
      prompt: 'The same scene at night, the lamp lit',
      size: '2048x1152',
      references: [
        {
          label: 'hero',
          image: { manifest: 'src/site.image.yaml', name: 'hero' },
          thumbnailUrl: 'files/hero-1.png',
        },
      ],
      status: { state: 'generating', attempt: 1, requestId: 'r' },
      since,
    }),
    sampleImage('team', 13, {
      prompt: 'Combine the portraits into one group picture',
      size: '1536x1024',
      references: [
        { label: './refs/ana.png', thumbnailUrl: 'files/portrait-1.png' },
        { label: './refs/li.jpg', thumbnailUrl: 'files/hero-3.png' },
      ],
      picture: await picture('team-1', '1536x1024', 2, { width: 1254, height: 1254, attempts: 2 }),
    }),
    sampleImage('og', 17, {
      prompt: 'A lighthouse as a bold social card',
      size: '1536x1024',
      status: {
        state: 'failed',
        problem: 'Your request was rejected by the safety system. safety_violations=[violence].',
      },
    }),
    sampleImage('portrait', 21, {
      prompt: 'Portrait of a keeper in oilskins',
      size: '1024x1536',
      picture: await picture('portrait-1', '1024x1536', 4),
    }),
    sampleImage('banner', 25, {
      prompt: 'A wide, quiet banner of fog over water',
      size: '3840x2160',
      status: { state: 'missing' },
    }),
    sampleImage('fog', 29, { prompt: 'Fog over water', size: '1536x1024' }),
    sampleImage(
      'avatar',
      3,
      {
        prompt: 'A round avatar of a gull',
        size: '1024x1024',
        picture: await picture('avatar-1', '1024x1024', 1, { where: 'shared' }),
      },
      'content/blog/posts.image.yaml',
    ),
    sampleImage(
      'storm',
      7,
      {
        prompt: 'A storm over the bay',
        size: '1536x1152',
        status: {
          state: 'uncertain',
          requestId: '0192f0e4-7c1a-7b8e-9d35-8a3f0b6e2c11',
          attempts: 1,
          since,
        },
      },
      'content/blog/posts.image.yaml',
    ),
    sampleImage(
      'harbour',
      11,
      {
        prompt: 'A small harbour with red boats',
        size: '1536x1024',
        status: { state: 'queued' },
        picture: await picture('harbour-1', '1536x1024', 3),
      },
      'content/blog/posts.image.yaml',
    ),
    sampleImage(
      'lamp',
      15,
      {
        prompt: 'The lamp room, close',
        size: '1152x1536',
        status: {
          state: 'corrupt',
          problem: 'The bytes on disk are not those that the entry names.',
        },
      },
      'content/blog/posts.image.yaml',
    ),
  ]
  return {
    files,
    data: {
      version: 3,
      project: 'Harbour Light',
      createdAt: now.toISOString(),
      mode: 'generate',
      budget: { spent: 12, limit: 100 },
      actions: { token: 'sample-token' },
      images,
      faults: [],
    },
  }
}

/** Three files of each picture, one of which was not made yet; and `hero` has a draft. */
export function sampleDetails({ id, picture, alternatives }: GalleryImage): GalleryDetails {
  const known = picture ? [picture, ...alternatives] : alternatives
  const described = known.map(({ digest, width, height, url, bytes }) => {
    const renditions: readonly GalleryRendition[] = [
      { format: 'avif', width, height, url, bytes: (bytes / 9) * 2 },
      { format: 'avif', width: width / 2, height: height / 2, url, bytes: bytes / 9 },
      { format: 'webp', width, height, url },
    ]
    return [digest, { path: url.replace('files', '.imagegen'), renditions }] as const
  })
  return {
    ...(id.name === 'hero' && { draftUrl: 'files/hero-0.png' }),
    pictures: Object.fromEntries(described),
  }
}

/** An image in the state `missing` when it has no picture, else `ready`. */
export function sampleImage(
  name: string,
  line: number,
  more: Partial<GalleryImage> = {},
  manifest = 'src/site.image.yaml',
): GalleryImage {
  const exportName = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  return {
    id: { manifest, name },
    exportName,
    importLine: `import { ${exportName} } from './${path.basename(manifest)}'`,
    status: more.picture ? { state: 'ready', where: 'local' } : { state: 'missing' },
    prompt: `A picture of ${name}`,
    model: 'gpt-image-2',
    size: '1024x1024',
    revision: 1,
    references: [],
    alternatives: [],
    location: {
      path: manifest,
      line,
      column: 3,
      editorUrl: `/__open-in-editor?file=${manifest}:${line}:3`,
    },
    ...more,
  }
}

/** @param isClear leaves the sky out, so that one sees through the picture */
export function drawLandscape(
  width: number,
  height: number,
  seed: number,
  isClear = false,
): string {
  const [sky, light, mid, dark] = PALETTES[seed % PALETTES.length] ??
    PALETTES[0] ?? ['', '', '', '']
  const hill = (level: number, amplitude: number, fill: string): string => {
    const points = Array.from({ length: 25 }, (_, index) => {
      const y = level + amplitude * Math.sin(index * 0.55 + seed * 1.7 + level * 9)
      return `${((index / 24) * width).toFixed(0)},${(y * height).toFixed(0)}`
    })
    return `<polygon fill="${fill}" points="0,${height} ${points.join(' ')} ${width},${height}"/>`
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="${sky}"/><stop offset="0.75" stop-color="${light}"/></linearGradient></defs>
    ${isClear ? '' : '<rect width="100%" height="100%" fill="url(#s)"/>'}
    <circle cx="${width * (0.25 + 0.13 * (seed % 5))}" cy="${height * 0.42}" r="${Math.min(width, height) * 0.13}" fill="#fff6e0" fill-opacity="0.9"/>
    ${hill(0.62, 0.06, light)}${hill(0.7, 0.07, mid)}${hill(0.84, 0.05, dark)}
  </svg>`
}

/** What all sample pictures have in common: the first that a request brought to this machine. */
export function firstPicture(
  name: string,
  size: string,
): Omit<GalleryPicture, 'width' | 'height' | 'bytes' | 'createdAt'> {
  return {
    digest: name.padEnd(64, '0'),
    revision: 1,
    usable: true,
    model: 'gpt-image-2',
    size,
    format: 'png',
    url: `files/${name}.png`,
    attempts: 1,
    where: 'local',
  }
}
