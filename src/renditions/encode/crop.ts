import type { CropStrategy } from '../../manifest/manifest.ts'
import type { CropPoint } from '../rendition.ts'
import type { Dimensions } from './geometry.ts'
import { fromPixels, type Pixels, toPixels } from './pixels.ts'
import type { SharpFactory } from './sharp.ts'

/** What a crop keeps unless somebody says otherwise. */
export const MIDDLE: CropPoint = [50, 50]

/** The longest side of the picture in which a strategy searches. */
const PROBE_PIXELS = 256

/** The box that a strategy fills, of the shape of a file. */
export function probeBox({ width, height }: Dimensions): Dimensions {
  const scale = PROBE_PIXELS / Math.max(width, height)
  return { width: scaled(width, scale), height: scaled(height, scale) }
}

/**
 * Where a strategy crops a picture. It searches in a picture of one size, so that all widths show
 * the same part: by itself sharp would decide anew for each.
 */
export async function findCropPoint(
  sharp: SharpFactory,
  pixels: Pixels,
  file: Dimensions,
  strategy: CropStrategy,
): Promise<CropPoint> {
  const box = probeBox(file)
  const cover = Math.max(box.width / pixels.width, box.height / pixels.height)
  const { info } = await fromPixels(sharp, pixels)
    .resize({ ...box, fit: 'cover', position: strategy })
    .png({ compressionLevel: 0 })
    .toBuffer({ resolveWithObject: true })
  return [
    share(info.cropOffsetLeft, scaled(pixels.width, cover) - box.width),
    share(info.cropOffsetTop, scaled(pixels.height, cover) - box.height),
  ]
}

/** Takes the largest part of the wanted shape, at a point, and scales it. */
export async function cropAt(
  sharp: SharpFactory,
  pixels: Pixels,
  { width, height }: Dimensions,
  [x, y]: CropPoint,
): Promise<Pixels> {
  const scale = Math.max(width / pixels.width, height / pixels.height)
  const part = {
    width: Math.min(pixels.width, scaled(width, 1 / scale)),
    height: Math.min(pixels.height, scaled(height, 1 / scale)),
  }
  const left = Math.round(((pixels.width - part.width) * x) / 100)
  const top = Math.round(((pixels.height - part.height) * y) / 100)
  const cropped = fromPixels(sharp, pixels).extract({ left, top, ...part })
  return toPixels(cropped.resize({ width, height, fit: 'fill' }))
}

function scaled(side: number, scale: number): number {
  return Math.max(1, Math.round(side * scale))
}

/** sharp counts from the frame to the picture, which begins on its left and above it. */
function share(offset = 0, room: number): number {
  return room <= 0 ? 50 : Math.min(100, (Math.abs(offset) / room) * 100)
}
