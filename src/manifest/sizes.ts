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

/** Whether every API makes this size. */
export function isDocumentedSize(size: string): boolean {
  return SIZES.some(documented => documented.size === size)
}

/** Suggests a size instead of one that the API does not make. */
export function suggestSize(written: string): string {
  const dimensions = /^\s*(\d{1,6})\s*[x×*:]\s*(\d{1,6})/i.exec(written)
  if (!dimensions) return `Possible: ${SIZES.map(describe).join(', ')}.`
  const [width, height] = [Number(dimensions[1]) || 1, Number(dimensions[2]) || 1]
  const [nearest] = SIZES.filter(({ ratio }) => ratio !== undefined)
    .map(info => ({ info, distance: distanceTo(info, width, height) }))
    .sort((a, b) => a.distance - b.distance)
  return nearest ? `Nearest: ${describe(nearest.info)}.` : ''
}

/** A different shape is worse than a different area: the page's layout depends on the shape. */
function distanceTo({ size }: SizeInfo, width: number, height: number): number {
  const other = pixelsOf(size)
  const shape = Math.abs(Math.log(width / height) - Math.log(other.width / other.height))
  const area = Math.abs(Math.log(width * height) - Math.log(other.width * other.height))
  return 4 * shape + area
}

function describe({ size, ratio }: SizeInfo): string {
  return ratio ? `"${size}" (${ratio})` : `"${size}"`
}
