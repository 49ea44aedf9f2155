import type { ImageId } from '../../manifest/image-id.ts'
import type { GalleryAmount } from './gallery-costs.ts'
import type { GalleryPicture } from './gallery-picture.ts'

/** What changed since a commit: then the data's `images` are those that changed and are still there. */
export interface GalleryReview {
  /** As it was asked for: `main`, `HEAD~3`. */
  readonly since: string
  /** Its short hash. */
  readonly commit: string
  /** In the order of the data's images; removed ones last. */
  readonly images: readonly ReviewedImage[]
  /** How many images are as they were. */
  readonly unchanged: number
  /** What the pictures cost that are new since. Absent when nothing says so. */
  readonly cost?: GalleryAmount
}

export interface ReviewedImage {
  readonly image: ImageId
  /**
   * `kept`: its request changed, and its earlier picture stays by decision. `changed`: something else
   * about it did.
   */
  readonly change: 'added' | 'changed' | 'kept' | 'removed'
  /** The picture before. Absent: it is new, or its picture is not to be found. */
  readonly before?: GalleryPicture
  /** Whether the pictures before and after are the same bytes. */
  readonly samePicture: boolean
  /** What is said of it, before and after, where that differs. */
  readonly words: readonly ReviewedWords[]
  /** What its new picture cost. Absent when nothing says so, and when it is not new. */
  readonly cost?: GalleryAmount
}

export interface ReviewedWords {
  /** `prompt`, `size`, `alt`, `output` … */
  readonly field: string
  /** Absent: it was not there. Text as it is, everything else as JSON. */
  readonly before?: string
  readonly after?: string
}
