import type { CropPosition, OutputOptions, OutputSettings } from './output-settings.ts'

const SIDE = '(?:top|bottom|left|right|center)'
const PER_CENT = '(?:100|\\d{1,2}(?:\\.\\d{1,4})?)%'

/** `center`, `top left`, `attention`, `30% 60%` … */
export const POSITION = new RegExp(
  `^(?:attention|entropy|${SIDE}|(?:top|bottom) (?:left|right)|(?:left|right) (?:top|bottom)|${PER_CENT} ${PER_CENT})$`,
)

/** Up to `40%`. */
export const PADDING = /^(?:40|[1-3]?\d(?:\.\d{1,2})?)%$/

/** `#rgb` or `#rrggbb`. */
export const COLOR = /^#(?:[\da-f]{3}|[\da-f]{6})$/i

/**
 * Written settings over resolved ones, key by key. `width` takes the place of `widths`, and the other
 * way round. Takes only what the schema has accepted.
 */
export function mergeOutput(
  below: OutputSettings = {},
  { aspect, position, background, ...settings }: OutputOptions = {},
): OutputSettings {
  return {
    ...withoutOther(below, settings),
    ...settings,
    ...(aspect !== undefined && { aspect: parseAspect(aspect) }),
    ...(position !== undefined && { position: parsePosition(position) }),
    ...(background !== undefined && { background: parseColor(background) }),
  }
}

function withoutOther(
  below: OutputSettings,
  { width, widths }: Pick<OutputOptions, 'width' | 'widths'>,
): OutputSettings {
  const { width: fixed, densities, widths: fluid, ...rest } = below
  if (width !== undefined) return { ...rest, ...(densities && { densities }) }
  if (widths !== undefined) return rest
  return below
}

function parseAspect(aspect: string): readonly [number, number] {
  const [width = 1, height = 1] = aspect.split(':').map(Number)
  return [width, height]
}

function parsePosition(position: string): CropPosition {
  if (position === 'attention' || position === 'entropy') return position
  if (position.includes('%')) {
    const [x = 50, y = 50] = position.split(' ').map(Number.parseFloat)
    return [x, y]
  }
  const words = position.split(' ')
  const at = (start: string, end: string) =>
    words.includes(start) ? 0 : words.includes(end) ? 100 : 50
  return [at('left', 'right'), at('top', 'bottom')]
}

function parseColor(color: string): string {
  const short = /^#(.)(.)(.)$/.exec(color)?.slice(1)
  return (short ? `#${short.map(digit => digit + digit).join('')}` : color).toLowerCase()
}
