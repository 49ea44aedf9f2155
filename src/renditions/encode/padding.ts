import type { Dimensions } from './geometry.ts'
import { fromPixels, type Pixels, toPixels } from './pixels.ts'
import type { SharpFactory } from './sharp.ts'

interface Padded extends Dimensions {
  readonly padding?: number | undefined
}

/** What the picture itself fills of a padded file. */
export function insideOf(file: Padded): Dimensions {
  const space = 2 * spaceOf(file)
  return { width: Math.max(1, file.width - space), height: Math.max(1, file.height - space) }
}

/** Adds transparent space around a picture, up to the size of the file. */
export async function pad(sharp: SharpFactory, inside: Pixels, file: Padded): Promise<Pixels> {
  const space = spaceOf(file)
  if (space === 0) return inside
  return toPixels(
    fromPixels(sharp, inside).extend({
      top: space,
      left: space,
      right: file.width - inside.width - space,
      bottom: file.height - inside.height - space,
      background: { r: 0, g: 0, b: 0, alpha: 0 },
    }),
  )
}

/** Pixels on each side. */
function spaceOf({ width, height, padding = 0 }: Padded): number {
  return Math.round((Math.min(width, height) * padding) / 100)
}
