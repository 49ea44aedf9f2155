import type { ImageId } from '../../manifest/image-id.ts'
import type { PictureFacts } from '../../originals/original.ts'
import type { RequestPart } from '../../plan/earlier/request-change.ts'
import type { Key } from '../../plan/image-request.ts'

/** How {@link Pipeline.keep} goes about it. */
export interface KeepOptions {
  /**
   * What may have changed about the request, and nothing else. A picture never stays for another
   * `revision`, which asks for another picture.
   * @default everything for images that the selection names, `['model', 'prompt']` for all others
   */
  readonly because?: readonly RequestPart[]
  /** Finds out what would be kept, and writes nothing. @default false */
  readonly dryRun?: boolean
}

/** What became of one image that was to be kept. */
export interface KeptImage {
  readonly image: ImageId
  /**
   * `kept`: its earlier picture stays; on a dry run it would. `present`: it was kept before.
   */
  readonly outcome: 'kept' | 'present' | 'failed'
  /** Of the present request; absent while an image that it refers to is missing. */
  readonly key?: Key
  /** Key of the request whose picture stays. */
  readonly from?: Key
  /** When that picture was made: ISO 8601. */
  readonly createdAt?: string
  readonly changes?: readonly RequestPart[]
  /** Why it failed, as sentences that name the image. */
  readonly problem?: string
}

/** What {@link Pipeline.keep} did. */
export interface KeepReport {
  readonly dryRun: boolean
  readonly images: readonly KeptImage[]
}

/** How {@link Pipeline.adopt} goes about it. */
export interface AdoptOptions {
  /** Marks its renditions as made by a model, as those of requested pictures. @default false */
  readonly ai?: boolean
  /** Checks the file and says what would be done, and writes nothing. @default false */
  readonly dryRun?: boolean
}

/** What {@link Pipeline.adopt} did. */
export interface AdoptReport extends PictureFacts {
  readonly dryRun: boolean
  readonly image: ImageId
  /** `adopted`: it is the image's original; on a dry run it would be. `present`: it was before. */
  readonly outcome: 'adopted' | 'present'
  readonly key: Key
  readonly revision: number
  /** Whether that revision was written into the manifest. */
  readonly writesRevision: boolean
  /** What is odd about the picture, as sentences that name the image. */
  readonly warnings: readonly string[]
}

/** What {@link Pipeline.undo} undoes. */
export interface UndoDecisionOptions {
  /** Which decisions are undone. */
  readonly kind: 'kept' | 'adopted'
  /** Undoes them in the shared store as well. @default false */
  readonly shared?: boolean
  /** Finds out what would be undone, and writes nothing. @default false */
  readonly dryRun?: boolean
}

/** What became of one image whose decision was to be undone. */
export interface UndoneImage {
  readonly image: ImageId
  readonly outcome: 'undone' | 'failed'
  readonly key?: Key
  /**
   * The shared store. `left`: it still has the entry, and builds copy it from there. `other`: it has
   * another machine's picture of the request, which stays.
   */
  readonly shared?: 'removed' | 'left' | 'other'
  /** Revision that the manifest names again. */
  readonly revision?: number
  /** Why it failed, as sentences that name the image. */
  readonly problem?: string
}

/** What {@link Pipeline.undo} did. */
export interface UndoReport {
  readonly dryRun: boolean
  readonly images: readonly UndoneImage[]
}
