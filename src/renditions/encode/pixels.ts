import { readFile } from 'node:fs/promises'
import type { Sharp } from 'sharp'
import { CorruptOriginalError } from '../../errors/corrupt-original-error.ts'
import { RenditionError } from '../../errors/rendition-error.ts'
import { UnusablePictureError } from '../../errors/unusable-picture-error.ts'
import { sha256 } from '../../system/digest.ts'
import { explainDecoding, SAVE_AGAIN } from '../decode-fault.ts'
import type { PlannedRendition, RenditionSource } from '../rendition.ts'
import { encoderOptions } from './encoder-options.ts'
import type { Dimensions, Geometry } from './geometry.ts'
import { renderProvenance } from './provenance.ts'
import type { SharpFactory } from './sharp.ts'

/** A decoded picture in memory: 8 bit a channel, sRGB, rows without padding. */
export interface Pixels extends Dimensions {
  readonly data: Buffer
  readonly channels: 1 | 2 | 3 | 4
}

/**
 * Checks that an original's bytes are unchanged, and decodes them.
 * @param pixels longest side allowed
 * @throws CorruptOriginalError, RenditionError, UnusablePictureError
 */
export async function decode(
  sharp: SharpFactory,
  { path, digest, width, height, supplied = false }: RenditionSource,
  pixels: number,
): Promise<Pixels> {
  // The pixels of a source image were counted when its header was read.
  if (!supplied && Math.max(width, height) > pixels) {
    throw new RenditionError(
      `${path} has ${width}×${height} pixels; at most ${pixels}×${pixels} are decoded. Raise \`limits.pixels\` to use it.`,
    )
  }
  // Read once and decoded from memory, so that the bytes in use are the checked ones.
  const bytes = await readFile(path)
  if (sha256(bytes) !== digest) {
    throw new CorruptOriginalError(
      `${path} changed after it was stored: its digest differs. Restore the file from version control or from the shared store.`,
    )
  }
  const limitInputPixels = supplied ? width * height : pixels * pixels
  const options = { failOn: 'error', limitInputPixels } as const
  return toPixels(sharp(bytes, { ...options, sequentialRead: true }).autoOrient()).catch(cause => {
    const problem = `${path} cannot be decoded: ${explainDecoding(cause)}.`
    throw new UnusablePictureError(`${problem} ${supplied ? SAVE_AGAIN : RESTORE}`, { cause })
  })
}

const RESTORE = 'Restore it from version control or from the shared store.'

/** Always resizes the decoded original, never another width: scaling twice would lose detail twice. */
export async function resize(
  sharp: SharpFactory,
  pixels: Pixels,
  { width, height, fit = 'fill' }: Geometry,
): Promise<Pixels> {
  if (pixels.width === width && pixels.height === height) return pixels
  const background = { r: 0, g: 0, b: 0, alpha: 0 }
  return toPixels(fromPixels(sharp, pixels).resize({ width, height, fit, background }))
}

export async function encode(
  sharp: SharpFactory,
  pixels: Pixels,
  rendition: Pick<PlannedRendition, 'format' | 'quality' | 'effort' | 'background'>,
  {
    composite,
    drawn = false,
    unmarked = false,
    supplied = false,
  }: Pick<RenditionSource, 'composite' | 'drawn' | 'unmarked' | 'supplied'>,
): Promise<Buffer> {
  const { format, background } = rendition
  const picture = fromPixels(sharp, pixels)
  // JPEG has no transparency: without this, transparent pixels would turn black.
  if (format === 'jpeg' || background !== undefined) {
    picture.flatten({ background: background ?? '#ffffff' })
  }
  if (!drawn && !unmarked && !supplied) picture.withXmp(renderProvenance(composite))
  return picture.toFormat(format, encoderOptions(rendition)).toBuffer()
}

/** Whether any pixel is not opaque. */
export function hasTransparentPixels({
  data,
  channels,
}: Pick<Pixels, 'data' | 'channels'>): boolean {
  if (channels === 1 || channels === 3) return false
  for (let at = channels - 1; at < data.length; at += channels) {
    if ((data[at] ?? 255) < 255) return true
  }
  return false
}

export function fromPixels(sharp: SharpFactory, { data, width, height, channels }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels } })
}

export async function toPixels(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  if (channels !== 1 && channels !== 2 && channels !== 3 && channels !== 4) {
    throw new Error(`The picture has ${channels} channels.`)
  }
  return { data, width, height, channels }
}
