import sharp, { type OverlayOptions, type Sharp } from 'sharp'
import type { Extent } from './draw-answer.ts'

/** Drawn at this many pixels on the longer side, then enlarged: soft shapes do not show it. */
const DRAWING_SIDE = 1600

/** An SVG drawing with a view box, as a PNG of a given extent. */
export function paint(
  svg: string,
  { width, height }: Extent,
  { transparent = false } = {},
): Promise<Buffer> {
  const side = Math.max(width, height)
  const drawn = Math.min(1, DRAWING_SIDE / side)
  const density = 72 * (side / 1000) * drawn
  const picture = sharp(Buffer.from(svg), { density }).resize(width, height, {
    fit: 'fill',
    kernel: 'cubic',
  })
  return (transparent ? picture : picture.removeAlpha()).png({ compressionLevel: 2 }).toBuffer()
}

/** A picture cropped to an extent, as raw material for a composition. */
export function fitted(picture: Buffer, { width, height }: Extent): Sharp {
  return sharp(picture).resize(Math.max(1, width), Math.max(1, height), { fit: 'cover' })
}

/** Layers over a picture, as a PNG. */
export async function compose(base: Sharp, layers: OverlayOptions[]): Promise<Buffer> {
  const flat = await base.removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const { width, height, channels } = flat.info
  return sharp(flat.data, { raw: { width, height, channels } })
    .composite(layers)
    .removeAlpha()
    .png({ compressionLevel: 2 })
    .toBuffer()
}
