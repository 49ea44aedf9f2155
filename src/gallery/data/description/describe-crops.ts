import type { ManifestImage } from '../../../manifest/manifest.ts'
import { crops } from '../../../renditions/encode/geometry.ts'
import type {
  CropPoint,
  PlannedRendition,
  RenditionSource,
  Renditions,
} from '../../../renditions/rendition.ts'
import type { GalleryCrop } from '../gallery-data.ts'

export interface DescribedCrops {
  readonly crops: readonly GalleryCrop[]
  /** Whether some are left out, because their place is not known yet. */
  readonly isCut: boolean
}

/**
 * Which parts of an image's picture pages show: of its own output, then of variants of the same
 * picture. Decodes nothing: leaves out a crop that `attention` or `entropy` place until a file of its
 * shape was made, or {@link findCrops} was called.
 */
export async function describeCrops(
  image: ManifestImage,
  picture: RenditionSource,
  renditions: Pick<Renditions, 'plan' | 'knownCropPoint'>,
): Promise<DescribedCrops> {
  const all = await Promise.all(
    planCrops(image, picture, renditions).map(async crop => {
      const point = await renditions.knownCropPoint(picture, crop.largest)
      return point && describeCrop(crop, picture, point)
    }),
  )
  const known = all.filter(crop => crop !== undefined)
  return { crops: known, isCut: known.length < all.length }
}

/** The same, with those that {@link describeCrops} leaves out. Decodes, once for each. */
export async function findCrops(
  image: ManifestImage,
  picture: RenditionSource,
  renditions: Pick<Renditions, 'plan' | 'cropPoint'>,
): Promise<readonly GalleryCrop[]> {
  return Promise.all(
    planCrops(image, picture, renditions).map(async crop =>
      describeCrop(crop, picture, await renditions.cropPoint(picture, crop.largest)),
    ),
  )
}

interface PlannedCrop {
  /** Undefined: the image's own. */
  readonly variant: string | undefined
  readonly files: readonly PlannedRendition[]
  /** All show the same part, this one to the pixel. */
  readonly largest: PlannedRendition
}

function planCrops(
  { id, output, variants = [] }: ManifestImage,
  picture: RenditionSource,
  { plan }: Pick<Renditions, 'plan'>,
): readonly PlannedCrop[] {
  const own = variants.filter(variant => variant.picture.name === id.name)
  const outputs = [{ name: undefined, output }, ...own]
  return outputs.flatMap(({ name, output: each }) => {
    const [files = []] = plan(picture, each).formats
    const largest = files.at(-1)
    return largest && crops(picture, largest) ? [{ variant: name, files, largest }] : []
  })
}

function describeCrop(
  { variant, files, largest }: PlannedCrop,
  picture: RenditionSource,
  [x, y]: CropPoint,
): GalleryCrop {
  const scale = Math.max(largest.width / picture.width, largest.height / picture.height)
  const width = largest.width / scale / picture.width
  const height = largest.height / scale / picture.height
  return {
    ...(variant !== undefined && { variant }),
    left: ((1 - width) * x) / 100,
    top: ((1 - height) * y) / 100,
    width,
    height,
    sizes: files.map(each => `${each.width}x${each.height}`),
  }
}
