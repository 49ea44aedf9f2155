import type { OutputSettings } from '../../manifest/manifest.ts'
import type { PlannedRendition } from '../rendition.ts'

export interface Dimensions {
  readonly width: number
  readonly height: number
}

export type Geometry = Pick<PlannedRendition, 'width' | 'height' | 'fit'>

/**
 * The sizes for `widths`, `aspect` and `fit`, ascending and without duplicates. Never scales up: it
 * drops widths beyond the original's, and uses the largest possible one when none is left.
 */
export function planGeometries(
  original: Dimensions,
  { widths = [], aspect, fit = 'cover' }: Pick<OutputSettings, 'widths' | 'aspect' | 'fit'>,
): readonly [Geometry, ...Geometry[]] {
  const ratio = aspect ? aspect[0] / aspect[1] : undefined
  const limit = widestBox(original, ratio, fit)
  const wanted = [...new Set(widths)].filter(width => width <= limit).sort((a, b) => a - b)
  const [first = limit, ...others] = wanted
  const planOne = (width: number) => planGeometry(original, width, ratio, fit)
  return uniqueByWidth([planOne(first), ...others.map(planOne)])
}

/** `cover`, `fill` and `outside` need the original's pixels in both directions. */
function widestBox(
  { width, height }: Dimensions,
  ratio: number | undefined,
  fit: NonNullable<OutputSettings['fit']>,
): number {
  if (ratio === undefined || fit === 'contain' || fit === 'inside') return width
  return Math.max(1, Math.min(width, Math.floor(height * ratio + 1e-9)))
}

function planGeometry(
  original: Dimensions,
  width: number,
  ratio: number | undefined,
  fit: NonNullable<OutputSettings['fit']>,
): Geometry {
  const proportional = (to: number) => ({
    width: to,
    height: atLeastOne((to * original.height) / original.width),
  })
  if (ratio === undefined) return proportional(width)
  const height = width / ratio
  if (fit === 'inside' || fit === 'outside') {
    const scales = [width / original.width, height / original.height]
    const scale = fit === 'inside' ? Math.min(...scales) : Math.max(...scales)
    return proportional(atLeastOne(original.width * scale))
  }
  return { width, height: atLeastOne(height), fit }
}

/** Whether a geometry leaves parts of the original out. */
export function crops(original: Dimensions, { width, height, fit }: Geometry): boolean {
  if (fit !== 'cover') return false
  const scaledWidth = (height * original.width) / original.height
  const scaledHeight = (width * original.height) / original.width
  return atLeastOne(scaledWidth) !== width && atLeastOne(scaledHeight) !== height
}

function uniqueByWidth(
  geometries: readonly [Geometry, ...Geometry[]],
): readonly [Geometry, ...Geometry[]] {
  const [first, ...others] = geometries
  const seen = new Set([first.width])
  return [
    first,
    ...others.filter(({ width }) => {
      const isNew = !seen.has(width)
      seen.add(width)
      return isNew
    }),
  ]
}

function atLeastOne(pixels: number): number {
  return Math.max(1, Math.round(pixels))
}
