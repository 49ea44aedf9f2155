import type { Sizes } from '../config/provider/preset.ts'

/** One size that the API documents. */
export interface SizeInfo {
  readonly size: string
  /** `3:2`; absent for `auto`. */
  readonly ratio?: string
  readonly use: string
}

/** The ten sizes in the API's documentation, for generations and edits alike. */
export const SIZES: readonly SizeInfo[] = [
  { size: 'auto', use: 'the API chooses' },
  { size: '1024x1024', ratio: '1:1', use: 'square images, avatars, covers' },
  { size: '1536x1024', ratio: '3:2', use: 'landscape posters, banners, scenes' },
  { size: '1024x1536', ratio: '2:3', use: 'portrait covers and posters' },
  { size: '1536x1152', ratio: '4:3', use: 'product images, content graphics' },
  { size: '1152x1536', ratio: '3:4', use: 'portraits, vertical posters' },
  { size: '2048x2048', ratio: '1:1', use: 'high-resolution square images' },
  { size: '2048x1152', ratio: '16:9', use: 'high-resolution landscapes' },
  { size: '3840x2160', ratio: '16:9', use: '4K landscapes' },
  { size: '2160x3840', ratio: '9:16', use: '4K portraits' },
]

/** The pixels of a size; those of a square for `auto`. */
export function pixelsOf(size: string): { readonly width: number; readonly height: number } {
  const [width = 1024, height = 1024] = size === 'auto' ? [] : size.split('x').map(Number)
  return { width, height }
}

/** Those of {@link SIZES}, as they are written. */
export const DOCUMENTED_SIZES: readonly string[] = SIZES.map(({ size }) => size)

/** Whether a provider makes a size; `any` leaves the judgement to it, but for the form. */
export function acceptsSize(sizes: Sizes, size: string): boolean {
  if (sizes === 'any') return size === 'auto' || sidesOf(size) !== undefined
  if (!('listed' in sizes)) return sizes.includes(size)
  if (sizes.listed.includes(size)) return true
  const [width, height] = sidesOf(size) ?? [0, 0]
  const { multipleOf, ratio, longest, pixels } = sizes
  return (
    width > 0 &&
    width % multipleOf === 0 &&
    height % multipleOf === 0 &&
    Math.max(width, height) <= Math.min(longest, ratio * Math.min(width, height)) &&
    width * height <= pixels
  )
}

/** Suggests a size instead of one that a provider does not make. */
export function suggestSize(written: string, sizes: Sizes): string {
  if (sizes === 'any') return 'Write it like "1536x1024", or "auto".'
  const known = 'listed' in sizes ? sizes.listed : sizes
  const dimensions = /^\s*(\d{1,6})\s*[x×*:]\s*(\d{1,6})/i.exec(written)
  if (!dimensions) return `Possible: ${known.map(describe).join(', ')}.`
  const [width, height] = [Number(dimensions[1]) || 1, Number(dimensions[2]) || 1]
  const [nearest] = known
    .filter(size => sidesOf(size) !== undefined)
    .map(size => ({ size, distance: distanceTo(size, width, height) }))
    .sort((a, b) => a.distance - b.distance)
  return nearest ? `Nearest: ${describe(nearest.size)}.` : `Possible: ${known.join(', ')}.`
}

function sidesOf(size: string): readonly [width: number, height: number] | undefined {
  const [, width, height] = /^([1-9]\d{0,5})x([1-9]\d{0,5})$/.exec(size) ?? []
  return width === undefined ? undefined : [Number(width), Number(height)]
}

/** A different shape is worse than a different area: the page's layout depends on the shape. */
function distanceTo(size: string, width: number, height: number): number {
  const other = pixelsOf(size)
  const shape = Math.abs(Math.log(width / height) - Math.log(other.width / other.height))
  const area = Math.abs(Math.log(width * height) - Math.log(other.width * other.height))
  return 4 * shape + area
}

function describe(size: string): string {
  const ratio = SIZES.find(known => known.size === size)?.ratio
  return ratio ? `"${size}" (${ratio})` : `"${size}"`
}
