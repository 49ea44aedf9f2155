import type { ManifestImage, OutputSettings } from '../../../manifest/manifest.ts'
import { crops, type Dimensions, planGeometries } from '../../../renditions/encode/geometry.ts'
import type { GalleryCrop } from '../gallery-data.ts'

/**
 * Which parts of an image's picture pages show: of its own output, then of variants of the same
 * picture. Those that `attention` or `entropy` place are left out: their place is found when the
 * file is made. Pure.
 */
export function describeCrops(
  { id, output, variants = [] }: ManifestImage,
  picture: Dimensions,
): readonly GalleryCrop[] {
  const own = variants.filter(variant => variant.picture.name === id.name)
  return [
    ...cropOf(picture, output),
    ...own.flatMap(({ name, output: other }) =>
      cropOf(picture, other).map(crop => ({ ...crop, variant: name })),
    ),
  ]
}

function cropOf(picture: Dimensions, output: OutputSettings): readonly GalleryCrop[] {
  const geometries = planGeometries(picture, output)
  const largest = geometries.at(-1) ?? geometries[0]
  const { position = [50, 50] } = output
  if (!crops(picture, largest) || typeof position === 'string') return []
  const scale = Math.max(largest.width / picture.width, largest.height / picture.height)
  const width = largest.width / scale / picture.width
  const height = largest.height / scale / picture.height
  const [x, y] = position
  return [
    {
      left: ((1 - width) * x) / 100,
      top: ((1 - height) * y) / 100,
      width,
      height,
      sizes: geometries.map(each => `${each.width}x${each.height}`),
    },
  ]
}
