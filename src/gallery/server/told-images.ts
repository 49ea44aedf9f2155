import type { DevImages } from '../../dev/dev-images.ts'
import { type ImageId, type ImageKey, imageKey } from '../../manifest/image-id.ts'
import type { GalleryImage } from '../data/gallery-data.ts'
import { indexImages } from './describe-live-images.ts'

/** The images that the page has been told of. */
export interface ToldImages {
  tell(images: readonly GalleryImage[]): void
  /** Their manifest is gone. */
  drop(images: readonly ImageId[]): void
  /** Those that no manifest has any more, each once. Those of a faulty manifest stay. */
  takeGone(images: DevImages): readonly ImageId[]
}

export function createToldImages(): ToldImages {
  const told = new Map<ImageKey, ImageId>()
  const dropped = new Map<ImageKey, ImageId>()
  return {
    tell(images) {
      for (const { id } of images) told.set(imageKey(id), id)
    },
    drop(images) {
      for (const id of images) dropped.set(imageKey(id), id)
    },
    takeGone(images) {
      const read = new Set(images.manifests().map(({ manifest }) => manifest.path))
      const known = indexImages(images)
      const gone = [...new Map([...told, ...dropped]).values()].filter(
        id => (dropped.has(imageKey(id)) || read.has(id.manifest)) && !known.has(imageKey(id)),
      )
      for (const id of gone) told.delete(imageKey(id))
      dropped.clear()
      return gone
    },
  }
}
