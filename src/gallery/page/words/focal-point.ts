import type { GalleryCrop } from '../../data/gallery-data.ts'
import type { FieldPath } from '../state/words/words-schema.ts'

/** Where the position of a crop is written. */
export function positionPath(crop: GalleryCrop): FieldPath {
  const output = ['output', 'position']
  return crop.variant === undefined ? output : ['variants', crop.variant, ...output]
}

/** A point of a picture, as fractions of its width and height. */
export interface PicturePoint {
  readonly x: number
  readonly y: number
}

/** The `position` that brings a point into the middle of a crop, as far as the picture reaches. */
export function positionAt({ x, y }: PicturePoint, { width, height }: GalleryCrop): string {
  return `${share(x, width)}% ${share(y, height)}%`
}

/** How much of what is left out lies before the crop, in per cent. */
function share(middle: number, length: number): number {
  if (length >= 1) return 50
  const before = (middle - length / 2) / (1 - length)
  return Math.round(Math.min(1, Math.max(0, before)) * 100)
}

/** The crop at another position; the same one where the text is not a point. */
export function cropAtPosition(crop: GalleryCrop, position: string): GalleryCrop {
  const [, x, y] = position.match(/^([\d.]+)% ([\d.]+)%$/) ?? []
  if (x === undefined || y === undefined) return crop
  const before = (percent: string, length: number): number => ((1 - length) * Number(percent)) / 100
  return { ...crop, left: before(x, crop.width), top: before(y, crop.height) }
}
