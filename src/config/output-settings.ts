import type { RasterFormat } from '../system/picture-format.ts'

export type { RasterFormat } from '../system/picture-format.ts'
/** Which preview an image's module carries. */
export type PlaceholderKind = 'none' | 'color' | 'blur' | 'thumbhash'
/** How a picture fills a frame of other proportions, as in CSS's `object-fit` and sharp's `fit`. */
export type Fit = 'cover' | 'contain' | 'fill' | 'inside' | 'outside'
/** How sharp finds the part that a crop keeps by itself. */
export type CropStrategy = 'attention' | 'entropy'
/** What a crop keeps: a point, in per cent of width and height, or what a strategy finds. */
export type CropPosition = CropStrategy | readonly [x: number, y: number]

/** The renditions of an original. An absent field keeps the original's own property. */
export interface OutputSettings {
  /** Best first; the last is the fallback. Absent and nothing else asked: the original itself, byte for byte. */
  readonly formats?: readonly RasterFormat[]
  /** Pixels. Widths above the original's are dropped. */
  readonly widths?: readonly number[]
  /** Pixels at a density of 1, for a picture of fixed size; instead of `widths`. */
  readonly width?: number
  /** Of the screens that `width` is made for, besides 1. */
  readonly densities?: readonly number[]
  /** 1 to 100, for every format or for some. */
  readonly quality?: number | Readonly<Partial<Record<RasterFormat, number>>>
  /** 1, fast, to 9, small. */
  readonly effort?: number
  /** Width to height, as `16:9` is written: `[16, 9]`. */
  readonly aspect?: readonly [width: number, height: number]
  readonly fit?: Fit
  readonly position?: CropPosition
  /** `#rrggbb`, under transparent pixels where the format has none. */
  readonly background?: string
  readonly placeholder?: PlaceholderKind
  /** Emitted under this very name, relative to the output directory. */
  readonly file?: string
}

/** Output settings as people write them, in options and in manifests. */
export interface OutputOptions
  extends Omit<OutputSettings, 'aspect' | 'file' | 'position' | 'background'> {
  /** Width to height, as `16:9`. */
  readonly aspect?: string
  /** What a crop keeps: `center`, `top`, `top left` …, `attention`, `entropy`, or a point like `30% 60%`. */
  readonly position?: string
  /** `#rgb` or `#rrggbb`, under transparent pixels where the format has none. */
  readonly background?: string
}
