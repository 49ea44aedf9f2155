/** One `<source>` of a `<picture>`. */
export interface ImageSource {
  readonly type: string
  readonly srcset: string
  /** The media query of the variant that it belongs to; absent where none is needed. */
  readonly media?: string
  /** Pixels of the largest file, where it belongs to a variant. */
  readonly width?: number
  readonly height?: number
}

/** A file of `output.files`. */
export interface NamedImageFile {
  readonly src: string
  /** Pixels; of an icon file: of its largest square. */
  readonly width: number
  readonly height: number
  readonly type: `image/${string}`
}

/** The attributes of a `<link>`. */
export interface IconLink {
  readonly rel: 'icon' | 'apple-touch-icon'
  readonly href: string
  readonly sizes: string
  readonly type: `image/${string}`
}

/** One of `icons` in a web app manifest. */
export interface ManifestIcon {
  readonly src: string
  readonly sizes: string
  readonly type: `image/${string}`
  readonly purpose: 'any' | 'maskable'
}

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
  /**
   * For `<picture>`, in this order: one entry per format of each variant, then one per format, best
   * first. Absent when there is one format only, and no variant.
   */
  readonly sources?: readonly ImageSource[]
  /** The tiny preview to show while `src` loads. */
  readonly placeholder?: {
    /** `#rrggbb` */
    readonly color: string
    readonly dataUrl?: string
    readonly thumbhash?: string
  }
  /** Has transparent pixels. */
  readonly alpha?: boolean
  readonly alt?: string
  /** The files of `output.files`, by name. */
  readonly files?: Readonly<Record<string, NamedImageFile>>
  /** For `<link>`: what the set `icons` gives pages. */
  readonly links?: readonly IconLink[]
  /** For the `icons` of a web app manifest, of the set `icons`. */
  readonly manifestIcons?: readonly ManifestIcon[]
  /** By name, for themes that a class switches: `sources` follow the media queries by themselves. */
  readonly variants?: Readonly<Record<string, ImageAsset>>
}
