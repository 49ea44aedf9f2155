import type { ImageId } from '../../manifest/image-id.ts'
import { assembleAsset } from '../../module/assemble-asset.ts'
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
 */
export function testAssetOf({ planned, picture }: InspectedImage): ImageAsset {
  const { image } = planned
  const original = picture?.source ?? { format: 'png', ...draftSize(image) }
  const plan = planFiles(original, image.output)
  const placeholder = standInPlaceholder(plan.placeholder)
  return assembleAsset({ plan, placeholder, alt: image.alt }, (file, isSrc) =>
    testUrlOf(image.id, file, isSrc),
  )
}

function testUrlOf({ manifest, name }: ImageId, file: PlannedFile, isSrc: boolean): string {
  const base = isSrc ? name : `${name}-${file.width}w`
  const parts = [...manifest.split('/'), `${base}.${extensionOf(file.format)}`]
  return `/imagegen/${parts.map(encodeURIComponent).join('/')}`
}
