import { type Signal, signal } from '@preact/signals'
import type { GalleryImage, GalleryPicture } from '../../data/gallery-data.ts'
import type { StageMode } from './mode-buttons.tsx'
import { picturesOf } from './revisions.ts'
import {
  groupPictures,
  type OnStage,
  type PictureGroup,
  pairOf,
  type StagePicture,
} from './stage-pictures.ts'

/** What is on the stage of the open image, and how. */
export interface PictureChoice {
  /** Key of the picture that somebody chose to see. */
  readonly chosen: Signal<string | undefined>
  /** Key of the one to its left, where two are compared. */
  readonly left: Signal<string | undefined>
  readonly mode: Signal<StageMode>
  /** Which crop is shown in the picture, by its place in the image's list. */
  readonly crop: Signal<number | undefined>
  /** Whether the next click sets the middle of the crop. */
  readonly isAiming: Signal<boolean>
  /** The chosen one if it is a revision, else the one in use. */
  pictureOf(image: GalleryImage): GalleryPicture | undefined
}

/** What is compared from the beginning. */
export interface FirstComparison {
  /** Key of the one to the left; undefined: the one in use. */
  readonly left?: string
  readonly right: string | undefined
}

export function createPictureChoice(first: FirstComparison | undefined): PictureChoice {
  const chosen = signal(first?.right)
  return {
    chosen,
    left: signal(first?.left),
    mode: signal<StageMode>(first ? 'side-by-side' : 'single'),
    crop: signal<number | undefined>(undefined),
    isAiming: signal(false),
    pictureOf: image =>
      picturesOf(image).find(({ digest }) => digest === chosen.value) ?? pictureInUse(image),
  }
}

export interface Staged {
  readonly groups: readonly PictureGroup[]
  /** One, or two to compare. */
  readonly pictures: readonly StagePicture[]
}

/** What the stage shows. It reads the choice's signals. */
export function stageOf(onStage: OnStage, { chosen, left, mode }: PictureChoice): Staged {
  const groups = groupPictures(onStage)
  const inUse = pictureInUse(onStage.image)?.digest
  const pair = pairOf(groups, { left: left.value, right: chosen.value }, inUse)
  if (mode.value !== 'single' && pair.length > 1) return { groups, pictures: pair }
  const all = groups.flatMap(({ pictures }) => pictures)
  const single = all.find(({ key }) => key === (chosen.value ?? inUse))
  return { groups, pictures: single ? [single] : [] }
}

function pictureInUse(image: GalleryImage): GalleryPicture | undefined {
  return image.picture ?? picturesOf(image).at(-1)
}
