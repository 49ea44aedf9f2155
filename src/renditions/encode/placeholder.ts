import type { PlaceholderKind } from '../../manifest/manifest.ts'
import type { Placeholder } from '../rendition.ts'
import { fromPixels, type Pixels, toPixels } from './pixels.ts'
import type { SharpFactory } from './sharp.ts'

/** Longest side of the picture in a `blur` data URL: the browser stretches it to a blur. */
const BLUR_PIXELS = 24
/** ThumbHash takes up to 100 pixels, and keeps far less. */
const THUMBHASH_PIXELS = 100

export async function makePlaceholder(
  sharp: SharpFactory,
  pixels: Pixels,
  kind: Exclude<PlaceholderKind, 'none'>,
): Promise<Placeholder> {
  const small = await shrink(sharp, pixels, THUMBHASH_PIXELS)
  const color = averageColor(small)
  if (kind === 'color') return { color }
  if (kind === 'thumbhash') {
    const { rgbaToThumbHash } = await import('thumbhash')
    const hash = rgbaToThumbHash(small.width, small.height, small.data)
    return { color, thumbhash: Buffer.from(hash).toString('base64') }
  }
  const tiny = fromPixels(sharp, await shrink(sharp, small, BLUR_PIXELS))
  const bytes = await tiny.webp({ quality: 50, effort: 6 }).toBuffer()
  return { color, dataUrl: `data:image/webp;base64,${bytes.toString('base64')}` }
}

/**
 * What a page draws of a ThumbHash, as a PNG of at most 32 pixels.
 * @param hash base64
 */
export async function drawThumbHash(hash: string): Promise<Buffer> {
  const { thumbHashToDataURL } = await import('thumbhash')
  const [, data = ''] = thumbHashToDataURL(Buffer.from(hash, 'base64')).split(',')
  return Buffer.from(data, 'base64')
}

async function shrink(sharp: SharpFactory, pixels: Pixels, longest: number): Promise<Pixels> {
  return toPixels(
    fromPixels(sharp, pixels)
      .resize({ width: longest, height: longest, fit: 'inside', withoutEnlargement: true })
      .ensureAlpha(),
  )
}

/** The average colour of visible pixels: transparent ones do not count. `#rrggbb`. */
export function averageColor({ data }: Pick<Pixels, 'data'>): string {
  const sum = { r: 0, g: 0, b: 0, a: 0 }
  for (let at = 0; at + 3 < data.length; at += 4) {
    const a = data[at + 3] ?? 0
    sum.r += (data[at] ?? 0) * a
    sum.g += (data[at + 1] ?? 0) * a
    sum.b += (data[at + 2] ?? 0) * a
    sum.a += a
  }
  const channel = (total: number) =>
    Math.round(sum.a === 0 ? 255 : total / sum.a)
      .toString(16)
      .padStart(2, '0')
  return `#${channel(sum.r)}${channel(sum.g)}${channel(sum.b)}`
}
