import type { Mode } from '../../config/options.ts'
import type { RunCost } from '../../cost/run-cost.ts'
import type { ImageId } from '../../manifest/image-id.ts'
import type { RasterFormat } from '../../manifest/manifest.ts'
import type { PictureFacts } from '../../originals/original.ts'
import type { RequestPart } from '../../plan/earlier/request-change.ts'
import type { ImageState } from '../../plan/image-state.ts'
import type { GalleryAmount } from './gallery-costs.ts'

/** Rises when pages of one version can no longer show data of another. */
export const GALLERY_DATA_VERSION = 2

/** The most further pictures that one action may ask for. */
export const MOST_ALTERNATIVES = 8

/**
 * All that the gallery page shows, as plain JSON. Every URL in it is relative to the page or
 * absolute on its own origin; every time is ISO 8601; every size is in bytes.
 */
export interface GalleryData {
  readonly version: typeof GALLERY_DATA_VERSION
  /** Shown in the page's title: the project's name or folder. */
  readonly project: string
  /** When the data was collected. */
  readonly createdAt: string
  readonly mode: Mode
  /** Absent in a static export. */
  readonly budget?: GalleryBudget
  /** What all requests of the cache cost. Absent when nothing says what anything costs. */
  readonly cost?: RunCost
  /** Absent in a static export. */
  readonly actions?: GalleryActions
  readonly images: readonly GalleryImage[]
  /** Of manifests that could not be read. Their last good images stay in `images`. */
  readonly faults: readonly GalleryFault[]
}

export interface GalleryBudget {
  /** Requests of the last 60 minutes and those about to be sent, by all processes on the cache. */
  readonly spent: number
  readonly limit: number
  /** The same in money, when `budget.spend` bounds it. */
  readonly spend?: { readonly spent: number; readonly limit: number; readonly currency: string }
}

export interface GalleryActions {
  /** Sent back with every action. */
  readonly token: string
  /** A sentence that says why nothing can be generated now: no key, `frozen`, `draft`. */
  readonly refusal?: string
}

export interface GalleryFault {
  readonly location: GalleryLocation
  readonly message: string
}

/** A place in a manifest. */
export interface GalleryLocation {
  /** Manifest path relative to the project root, with forward slashes. */
  readonly path: string
  /** Both count from 1. */
  readonly line: number
  readonly column: number
  /** A GET of this opens the place in the editor; absent in a static export. */
  readonly editorUrl?: string
}

export interface GalleryImage {
  readonly id: ImageId
  readonly exportName: string
  /** `import { hero } from './site.image.yaml'` */
  readonly importLine: string
  readonly status: ImageState
  /** When its generation was asked for; set while that is under way. */
  readonly since?: string
  /** As it is sent: variables filled in, style joined. */
  readonly prompt: string
  /** Path of the file that it shows, relative to its manifest; absent: it is generated. */
  readonly source?: string
  readonly model: string
  /** As the manifest asks: `1536x1024` or `auto`. */
  readonly size: string
  readonly revision: number
  readonly alt?: string
  readonly references: readonly GalleryReference[]
  /** In the order of the manifest; absent: it has none. */
  readonly variants?: readonly GalleryVariant[]
  /**
   * The picture of the current request; until that is there, the one that pages still show. Absent:
   * there is none.
   */
  readonly picture?: GalleryPicture
  /** Set while its request has no picture and an earlier one could stay, which is shown too. */
  readonly keep?: GalleryKeep
  /** Known pictures of other revisions and of earlier prompts. */
  readonly alternatives: readonly GalleryPicture[]
  /** What another picture of it is expected to cost. Absent without a price. */
  readonly price?: GalleryAmount
  readonly location: GalleryLocation
}

/** An earlier picture that could stay. */
export interface GalleryKeep {
  /** What changed about the request since, and nothing else. */
  readonly because: readonly RequestPart[]
  /** When it was made. */
  readonly createdAt: string
}

export interface GalleryReference {
  /** Path of the file relative to the manifest, or name of the image. */
  readonly label: string
  /** Set when it refers to another image. */
  readonly image?: ImageId
  /** Absent as long as that image is missing. */
  readonly thumbnailUrl?: string
}

/** What pages show under a media query. */
export interface GalleryVariant {
  readonly name: string
  readonly media: string
  /** Set when it shows another image. */
  readonly image?: ImageId
  /** The crop that pages show; absent as long as the picture is missing. */
  readonly thumbnailUrl?: string
}

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
  readonly renditions: readonly GalleryRendition[]
}

export interface GalleryRendition {
  readonly format: RasterFormat
  readonly width: number
  readonly height: number
  readonly url: string
  /** Absent: it was not made yet. */
  readonly bytes?: number
}

/** What changed. Absent fields stay as they were. */
export interface GalleryUpdate {
  /** Images that are new or different, whole. */
  readonly images?: readonly GalleryImage[]
  readonly removed?: readonly ImageId[]
  readonly budget?: GalleryBudget
  readonly cost?: RunCost
  readonly faults?: readonly GalleryFault[]
}
