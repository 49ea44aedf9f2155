import type { Mode } from '../../config/options.ts'
import type { RunCost } from '../../cost/run-cost.ts'
import type { ImageId } from '../../manifest/image-id.ts'
import type { RequestPart } from '../../plan/earlier/request-change.ts'
import type { ImageState } from '../../plan/image-state.ts'
import type { GalleryAmount } from './gallery-costs.ts'
import type { GalleryPicture } from './gallery-picture.ts'
import type { GalleryReview } from './gallery-review.ts'

export type { GalleryPicture } from './gallery-picture.ts'

/** Rises when pages of one version can no longer show data of another. */
export const GALLERY_DATA_VERSION = 3

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
  /** What all requests since midnight cost, as {@link cost}. Absent in a static export. */
  readonly today?: RunCost
  /** What the page wrote into manifests, the latest first. Absent in a static export. */
  readonly changes?: readonly GalleryChange[]
  /** Why some of {@link changes} are not known, as a sentence; empty: nothing is wrong. */
  readonly changesProblem?: string
  /** Set in a review: what changed since a commit. */
  readonly review?: GalleryReview
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

/** A change that the page wrote into a manifest. */
export interface GalleryChange {
  /** Posted to `./undo`. */
  readonly id: string
  readonly manifest: string
  readonly image: ImageId
  /** What was changed, as the end of a sentence: `prompt and size`, `revision`. */
  readonly label: string
  /** ISO 8601. */
  readonly at: string
  /** Why it cannot be undone now, as a sentence: another program changed the file since. */
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
  /** What went wrong, where something did: the state's `problem` in two parts. */
  readonly trouble?: GalleryTrouble
  /** When its generation was asked for; set while that is under way. */
  readonly since?: string
  /** As it is sent: variables filled in, style joined. */
  readonly prompt: string
  /** Path of the file that it shows, relative to its manifest; absent: it is generated. */
  readonly source?: string
  /** Name of its provider in the options; absent: the one of `provider`. */
  readonly provider?: string
  readonly model: string
  /** As the manifest asks: `1536x1024` or `auto`. */
  readonly size: string
  readonly revision: number
  readonly alt?: string
  readonly references: readonly GalleryReference[]
  /** In the order of the manifest; absent: it has none. */
  readonly variants?: readonly GalleryVariant[]
  /** Parts of its picture that pages show instead of all of it, as far as their place is known. */
  readonly crops?: readonly GalleryCrop[]
  /** Set when `attention` or `entropy` place another one: `./crops` finds out where. */
  readonly lacksCrops?: true
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

/** What went wrong with an image. */
export interface GalleryTrouble {
  /** One short sentence. */
  readonly reason: string
  /** All that is known, the API's own words included; absent: the reason says all. */
  readonly words?: string
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

/** A part of a picture, as fractions of its width and height. */
export interface GalleryCrop {
  /** Absent: it is the image's own. */
  readonly variant?: string
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** Of the files that show it, in pixels: `640x800`. */
  readonly sizes: readonly string[]
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

/** What changed. Absent fields stay as they were. */
export interface GalleryUpdate {
  /** Images that are new or different, whole. */
  readonly images?: readonly GalleryImage[]
  readonly removed?: readonly ImageId[]
  readonly budget?: GalleryBudget
  readonly cost?: RunCost
  readonly today?: RunCost
  readonly changes?: readonly GalleryChange[]
  readonly changesProblem?: string
  readonly faults?: readonly GalleryFault[]
}
