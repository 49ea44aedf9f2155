import type { ImageId } from '../../manifest/image-id.ts'
import type { ImageStateName } from '../../plan/image-state.ts'
import type { Json } from '../../system/json.ts'
import type { GalleryAmount } from './gallery-costs.ts'
import type { GalleryBudget, GalleryCrop, GalleryLocation } from './gallery-data.ts'

/**
 * What the page asks of its development server beside the data and its actions. Addresses are
 * relative to the page. What is posted is JSON with the token, and every refusal is
 * `{ error: string }`, a sentence for people, with a status of 4xx or 5xx.
 */

/** Answer to `GET ./words?manifest=…&name=…`: what the YAML says of an image. */
export interface GalleryWords {
  readonly image: ImageId
  /** Of the manifest's text. Sent back with changes, which are refused once the file has another text. */
  readonly digest: string
  /** The fields of the image as they are written: variables not filled in, `defaults` not applied. */
  readonly fields: Readonly<Record<string, Json>>
  /** What `defaults` and manifests that this one extends give where the image says nothing. */
  readonly inherited: Readonly<Record<string, Json>>
  /** The images that share these words: all of a matrix, else the image alone. */
  readonly shared: readonly ImageId[]
  readonly location: GalleryLocation
  /** Set when its words cannot be edited here: a sentence that says why. */
  readonly refusal?: string
}

/** One change of a field. */
export interface GalleryEdit {
  /** Below the image: `['prompt']`, `['output', 'position']`, `['variants', 'phone', 'output', 'aspect']`. */
  readonly path: readonly string[]
  /** `null` removes the field. Of a mapping only what differs is written. */
  readonly value: Json
}

/** Posted to `./words/check`. Writes nothing. */
export interface GalleryWordsChange {
  readonly token: string
  readonly image: ImageId
  readonly digest: string
  readonly edits: readonly GalleryEdit[]
}

/** Posted to `./words/save`. */
export interface GalleryWordsSave extends GalleryWordsChange {
  /**
   * `generate`: requests what {@link GalleryWordsCheck.requests} lists. `hold`: writes the words
   * alone; development requests nothing for them until asked. `keep`: the picture that is there
   * stays for the new words.
   */
  readonly pictures: 'generate' | 'hold' | 'keep'
}

/** What saving would do. */
export interface GalleryWordsCheck {
  /** Unified diff of the YAML, without a header; empty: nothing changes. */
  readonly diff: readonly GalleryDiffLine[]
  /** What is wrong with the changed manifest. Nothing is saved while there are any. */
  readonly faults: readonly GalleryFieldFault[]
  /** The images that saving would request, those that are edits of this one included. */
  readonly requests: readonly GalleryWordsRequest[]
  /** What these are expected to cost together. Absent when one of them has no price. */
  readonly cost?: GalleryAmount
  /** Before saving. Absent when it cannot be read. */
  readonly budget?: GalleryBudget
  /** Why `generate` is not possible now, as a sentence. */
  readonly refusal?: string
  /** Whether there is a picture that `keep` would keep. */
  readonly canKeep: boolean
}

export interface GalleryDiffLine {
  readonly kind: 'same' | 'added' | 'removed'
  /** Without its line end. */
  readonly text: string
  /** From 1, in the text before (of `added` lines: after). */
  readonly line: number
}

export interface GalleryFieldFault {
  /** The field below the image; absent: it concerns another part of the manifest. */
  readonly path?: readonly string[]
  readonly line: number
  readonly column: number
  readonly message: string
  /** What to write instead. */
  readonly hint?: string
}

export interface GalleryWordsRequest {
  readonly image: ImageId
  /** `words`: its own changed. `reference`: it is made from an image that changes. */
  readonly because: 'words' | 'reference'
  /** `blocked`: what it is made from has to be made first. */
  readonly state: ImageStateName
  readonly price?: GalleryAmount
}

/** Answer to `./words/save`, `./undo` and `./adopt`. */
export interface GalleryWritten {
  /** Of the manifest's text now. */
  readonly digest: string
  /** What went wrong after the words were saved, as a sentence: undo could not be kept. */
  readonly problem?: string
}

/** Posted to `./undo`. */
export interface GalleryUndo {
  readonly token: string
  /** `GalleryChange.id` */
  readonly change: string
}

/**
 * `PUT ./adopt?manifest=…&name=…` takes a picture's bytes as `application/octet-stream`, with the
 * token in this header and the file's name in {@link FILE_NAME_HEADER}, percent-encoded.
 */
export const TOKEN_HEADER = 'x-imagegen-token'
export const FILE_NAME_HEADER = 'x-imagegen-file'

/** Answer to `GET ./history?manifest=…&name=…`: an image's words in the repository, the latest first. */
export interface GalleryHistory {
  /** Empty: there is no repository, or no commit has the image. */
  readonly versions: readonly GalleryVersion[]
  /** There are older ones that are not listed. */
  readonly isCut: boolean
}

/** A commit that changed an image's words. */
export interface GalleryVersion {
  /** Short hash. */
  readonly commit: string
  readonly author: string
  /** ISO 8601. */
  readonly at: string
  /** First line of the commit's message. */
  readonly subject: string
  /** As the commit left them; absent: it removed the image. */
  readonly fields?: Readonly<Record<string, Json>>
}

/** Answer to `GET ./crops?manifest=…&name=…`: every crop of an image, wherever `attention` places it. */
export interface GalleryCrops {
  readonly crops: readonly GalleryCrop[]
}

/** Answer to `GET ./usage`: which modules use which images, as far as the server knows. */
export interface GalleryUsage {
  /**
   * `complete`: every source file of the project was searched. `loaded`: only the modules that the
   * development server has loaded; an image without a use may have one elsewhere.
   */
  readonly scope: 'complete' | 'loaded'
  /** Images that something uses. */
  readonly images: readonly GalleryImageUsage[]
}

export interface GalleryImageUsage {
  readonly image: ImageId
  readonly uses: readonly GalleryUse[]
}

/** A module that uses an image. */
export interface GalleryUse {
  /** Relative to the project root, with forward slashes. */
  readonly path: string
  /** A GET of this opens the module in the editor. */
  readonly editorUrl?: string
}
