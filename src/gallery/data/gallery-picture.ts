import type { PictureFacts } from '../../originals/original.ts'
import type { GalleryAmount } from './gallery-costs.ts'

/** A picture that is there, and what is known of it. */
export interface GalleryPicture extends PictureFacts {
  /** Digest of the original's bytes, or another name that no other picture of this image has. */
  readonly digest: string
  readonly revision: number
  /** True: it becomes the image's picture when the manifest names its revision. */
  readonly usable: boolean
  /** Set when the manifest has another prompt now. */
  readonly prompt?: string
  readonly revisedPrompt?: string
  readonly model: string
  /** As it was requested. */
  readonly size: string
  /** The original, byte for byte. */
  readonly url: string
  readonly bytes: number
  /** A small rendition for cards; absent: the original is shown. */
  readonly thumbnailUrl?: string
  readonly createdAt: string
  readonly attempts: number
  /** What its answer cost. Absent when nothing says so, and of a picture that was made elsewhere. */
  readonly cost?: GalleryAmount
  /** Set when no request of its own brought it: how it came about, as the end of a sentence. */
  readonly origin?: string
  readonly where: 'local' | 'shared'
}
