import type { RasterFormat } from '../system/picture-format.ts'

export type { RasterFormat } from '../system/picture-format.ts'
/** Which preview an image's module carries. */
export type PlaceholderKind = 'none' | 'color' | 'blur' | 'thumbhash'
/** How a picture fills a frame of other proportions, as in CSS's `object-fit` and sharp's `fit`. */
export type Fit = 'cover' | 'contain' | 'fill' | 'inside' | 'outside'

/** The renditions of an original. An absent field keeps the original's own property. */
export interface OutputSettings {
  /** Best first; the last is the fallback. Absent and nothing else asked: the original itself, byte for byte. */
  readonly formats?: readonly RasterFormat[]
  /** Pixels. Widths above the original's are dropped. */
  readonly widths?: readonly number[]
  /** 1 to 100. */
  readonly quality?: number
  /** Width to height, as `16:9` is written: `[16, 9]`. */
  readonly aspect?: readonly [width: number, height: number]
  readonly fit?: Fit
  readonly placeholder?: PlaceholderKind
  /** Emitted under this very name, relative to the output directory. */
  readonly file?: string
}
