/** What code gets when it imports an image of a manifest. */
export interface ImageAsset {
  /** URL of the fallback, at the largest width. */
  readonly src: string
  /** Pixels of `src`. */
  readonly width: number
  readonly height: number
  readonly format: 'png' | 'jpeg' | 'webp' | 'avif'
  /** MIME type of `src`. */
  readonly type: `image/${string}`
  /** All widths in the fallback format, for `<img srcset>`; absent when there is one width only. */
  readonly srcset?: string
  /** One entry per format, best first, for `<picture>`; absent when there is one format only. */
  readonly sources?: readonly { readonly type: string; readonly srcset: string }[]
  /** The tiny preview to show while `src` loads. */
  readonly placeholder?: {
    /** `#rrggbb` */
    readonly color: string
    readonly dataUrl?: string
    readonly thumbhash?: string
  }
  readonly alt?: string
}
