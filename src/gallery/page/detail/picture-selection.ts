import { type Signal, signal } from '@preact/signals'
import type { GalleryImage, GalleryPicture } from '../../data/gallery-data.ts'
import type { StageMode } from '../look/mode-buttons.tsx'
import { picturesOf } from '../look/revisions.ts'

/** Which picture of the open image is on the stage, and how. */
export interface PictureSelection {
  /** Digest of the picture that somebody chose to see. */
  readonly chosen: Signal<string | undefined>
  readonly mode: Signal<StageMode>
  /** The chosen one, else the one in use. */
  pictureOf(image: GalleryImage): GalleryPicture | undefined
  /** What the stage shows: to compare, the picture in use and another one. */
  shownOf(image: GalleryImage): readonly GalleryPicture[]
}

export function createSelection(): PictureSelection {
  const chosen = signal<string | undefined>(undefined)
  const mode = signal<StageMode>('single')
  const pictureOf = (image: GalleryImage): GalleryPicture | undefined =>
    picturesOf(image).find(({ digest }) => digest === chosen.value) ?? inUse(image)
  return {
    chosen,
    mode,
    pictureOf,
    shownOf(image) {
      const picture = pictureOf(image)
      const used = inUse(image)
      if (!picture || !used) return []
      const isUsed = picture.digest === used.digest
      const other = isUsed
        ? picturesOf(image).find(({ digest }) => digest !== used.digest)
        : picture
      return mode.value === 'single' || !other ? [picture] : [used, other]
    },
  }
}

function inUse(image: GalleryImage): GalleryPicture | undefined {
  return image.picture ?? picturesOf(image).at(-1)
}
