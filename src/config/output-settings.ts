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

/** Files that belong together, for `output.files`. */
export const FILE_SETS = ['icons', 'social'] as const

/** A file under a name of its own, beside those that pages show. */
export interface FixedFile {
  /** Relative to the output directory. */
  readonly file: string
  /** Of an icon file: that of the pictures in it. */
  readonly format: RasterFormat
  /** Pixels. Absent: those of the original. */
  readonly width?: number
  /** Absent: in proportion to `width`. */
  readonly height?: number
  /** Of an icon file: its squares, in pixels. */
  readonly sizes?: readonly number[]
  /** Free space on each side, in per cent of the shorter side. */
  readonly padding?: number
  /** True: transparent pixels become white, unless `background` says otherwise. */
  readonly opaque?: boolean
  readonly purpose?: IconPurpose
}

/** Where a page or a web app manifest refers to an icon. */
export type IconPurpose = 'icon' | 'apple-touch-icon' | 'any' | 'maskable'

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
  /** Emitted under names of their own, beside those that pages show. Never empty. */
  readonly files?: readonly FixedFile[]
}

/** Output settings as people write them, in options and in manifests. */
export interface OutputOptions
  extends Omit<OutputSettings, 'aspect' | 'file' | 'files' | 'position' | 'background'> {
  /** Width to height, as `16:9`. */
  readonly aspect?: string
  /** What a crop keeps: `center`, `top`, `top left` …, `attention`, `entropy`, or a point like `30% 60%`. */
  readonly position?: string
  /** `#rgb` or `#rrggbb`, under transparent pixels where the format has none. */
  readonly background?: string
}
