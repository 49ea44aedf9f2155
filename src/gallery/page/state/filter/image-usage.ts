import { type ImageId, imageKey } from '../../../../manifest/image-id.ts'
import type { GalleryUsage, GalleryUse } from '../../../data/gallery-exchanges.ts'

/** Which modules use which images. */
export interface ImageUsage extends Pick<GalleryUsage, 'scope'> {
  /** Empty when no module is known to use it. */
  usesOf(id: ImageId): readonly GalleryUse[]
}

export function indexUsage({ scope, images }: GalleryUsage): ImageUsage {
  const uses = new Map(images.map(each => [imageKey(each.image), each.uses] as const))
  return { scope, usesOf: id => uses.get(imageKey(id)) ?? [] }
}
