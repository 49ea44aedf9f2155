import { type ImageId, imageKey } from '../../manifest/image-id.ts'
import type { OutputSettings } from '../../manifest/manifest.ts'
import { assembleAsset, type FilePlace } from '../../module/assemble-asset.ts'
import type { ImageAsset } from '../../module/image-asset.ts'
import { standInPlaceholder } from '../../module/stand-in-placeholder.ts'
import type { InspectedImage } from '../../pipeline/inspect.ts'
import { planFiles } from '../../renditions/plan-renditions.ts'
import type { PlannedFile } from '../../renditions/rendition.ts'
import { extensionOf } from '../../system/picture-format.ts'
import { draftSize } from './shown-image.ts'

/**
 * What code gets for an image while tests run: `/imagegen/site.image.yaml/hero.webp`. URLs depend
 * on neither content nor state, so that snapshots stay valid when a picture arrives. Dimensions are
 * those of the picture if it is there, else those that the manifest asks for. Makes and serves
 * nothing. Pure.
 * @param tell called with each URL that the asset names
 */
export function testAssetOf(
  inspected: InspectedImage,
  images: readonly InspectedImage[],
  tell: (url: string, file: PlannedFile) => void = () => undefined,
): ImageAsset {
  const { image } = inspected.planned
  const variants = image.variants?.map(({ name, media, picture, output }) => {
    const other = images.find(({ planned }) => imageKey(planned.id) === imageKey(picture))
    return { name, media, ...depict(other ?? inspected, output) }
  })
  return assembleAsset(
    { ...depict(inspected, image.output), alt: image.alt, variants },
    (file, place) => {
      const url = testUrlOf(image.id, file, place)
      tell(url, file)
      return url
    },
  )
}

function depict({ planned: { image }, picture }: InspectedImage, output: OutputSettings) {
  const { size } = image
  const plan = planFiles(
    picture?.source ?? { format: 'png', ...draftSize({ size, output }) },
    output,
  )
  return { plan, placeholder: standInPlaceholder(plan.placeholder) }
}

function testUrlOf(
  { manifest, name: image }: ImageId,
  file: PlannedFile,
  { isSrc, variant }: FilePlace,
): string {
  const name = variant === undefined ? image : `${image}.${variant}`
  const base = isSrc ? name : `${name}-${file.width}w`
  const end = file.named ? file.named.file.split('/') : [`${base}.${extensionOf(file.format)}`]
  const parts = [...manifest.split('/'), ...end]
  return `/imagegen/${parts.map(encodeURIComponent).join('/')}`
}
