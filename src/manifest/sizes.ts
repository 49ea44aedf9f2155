import { SIZES, type SizeInfo } from '../config/presets.ts'

/** What to write instead of a size that the API does not make. */
export function suggestSize(written: string): string {
  const dimensions = /^\s*(\d{1,6})\s*[x×*:]\s*(\d{1,6})/i.exec(written)
  if (!dimensions) return `Possible: ${SIZES.map(describe).join(', ')}.`
  const [width, height] = [Number(dimensions[1]) || 1, Number(dimensions[2]) || 1]
  const [nearest] = SIZES.filter(({ ratio }) => ratio !== undefined)
    .map(info => ({ info, distance: distanceTo(info, width, height) }))
    .sort((a, b) => a.distance - b.distance)
  return nearest ? `Nearest: ${describe(nearest.info)}.` : ''
}

/** Another shape is worse than another area: the page was laid out for the shape. */
function distanceTo({ size }: SizeInfo, width: number, height: number): number {
  const [otherWidth = 1, otherHeight = 1] = size.split('x').map(Number)
  const shape = Math.abs(Math.log(width / height) - Math.log(otherWidth / otherHeight))
  const area = Math.abs(Math.log(width * height) - Math.log(otherWidth * otherHeight))
  return 4 * shape + area
}

function describe({ size, ratio }: SizeInfo): string {
  return ratio ? `"${size}" (${ratio})` : `"${size}"`
}
