import type { ImageAsset } from '../module/image-asset.ts'

/** One `<source>` of an asset. */
export interface PictureSource {
  readonly type: string
  readonly srcset: string
  /** The media query under which the browser may choose it; absent when it always may. */
  readonly media?: string
  /** Pixels of the largest file; absent where they are those of the asset. */
  readonly width?: number
  readonly height?: number
}

/** What a picture is made of: the object that code imports from a manifest. */
export interface PictureAsset extends Omit<ImageAsset, 'sources'> {
  readonly sources?: readonly PictureSource[]
  /** Has transparent pixels. */
  readonly alpha?: boolean
}

/** An asset whose manifest says what it shows. */
export interface DescribedAsset extends PictureAsset {
  readonly alt: string
}
