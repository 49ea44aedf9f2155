import type { PlaceholderKind, RasterFormat } from '../../manifest/manifest.ts'

/**
 * What only the panel of an opened image shows: of thousands of images it would be most of the data.
 * Answer to `GET ./details?manifest=…&name=…`; a static gallery has that of all images in one script.
 */
export interface GalleryDetails {
  /** All of `GalleryTrouble.words`, where these are only the beginning. */
  readonly words?: string
  /** What pages show as long as there is no picture. Absent in a static export. */
  readonly draftUrl?: string
  /** By the `digest` of each of its pictures. */
  readonly pictures: Readonly<Record<string, GalleryPictureDetails>>
}

export interface GalleryPictureDetails {
  /** Of the original, relative to the project root. Absent in a static export, and where it has none. */
  readonly path?: string
  /** What pages show while it loads, once that was made. */
  readonly placeholder?: GalleryPlaceholder
  readonly renditions: readonly GalleryRendition[]
}

export interface GalleryPlaceholder {
  readonly kind: Exclude<PlaceholderKind, 'none'>
  /** `#rrggbb` */
  readonly color: string
  /** What is seen of it; absent: it is the colour alone. */
  readonly url?: string
  /** Of what is written into a page for it: a colour, a data URL, a hash. */
  readonly bytes: number
}

export interface GalleryRendition {
  readonly format: RasterFormat
  readonly width: number
  readonly height: number
  readonly url: string
  /** Absent: it was not made yet. */
  readonly bytes?: number
}
