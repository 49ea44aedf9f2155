import type {
  CropPosition,
  Fit,
  IconPurpose,
  OutputSettings,
  PlaceholderKind,
  RasterFormat,
} from '../manifest/manifest.ts'
import type { PictureFacts } from '../originals/original.ts'
import type { SourcePicture } from '../plan/source-picture.ts'
import type { Digest } from '../system/digest.ts'

/** The picture that renditions are made from. */
export interface RenditionSource extends PictureFacts {
  /** Absolute path of the verified original. */
  readonly path: string
  readonly digest: Digest
  /** True for an edit of supplied pictures: the IPTC source type is then a composite. */
  readonly composite: boolean
  /** True: nothing says that a model made it, as of a picture that was adopted from a file. */
  readonly unmarked?: boolean
  /** True for a draft: an SVG of our own, always converted, without a note of provenance. */
  readonly drawn?: boolean
  /** True for a source image: always converted, so that it loses its metadata, and made by no AI. */
  readonly supplied?: boolean
}

/** One file as it will look. */
export interface PlannedFile {
  readonly format: RasterFormat
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** How the picture fills `width` × `height`; absent when the proportions match. */
  readonly fit?: Extract<Fit, 'cover' | 'contain' | 'fill'>
  /** What a crop keeps; absent: the middle. */
  readonly position?: CropPosition
  /** 1 to 100; absent for PNG, which is lossless. */
  readonly quality?: number
  /** 1 to 9; absent: the encoder's own. */
  readonly effort?: number
  /** `#rrggbb` under transparent pixels; absent: the format's own way. */
  readonly background?: string
  /** Of the screens that it is made for, where the picture has a fixed size on the page. */
  readonly density?: number
  /** Of an icon file: its squares, in pixels; `width` is that of the largest. */
  readonly sizes?: readonly number[]
  /** Free space on each side, in per cent of the shorter side. */
  readonly padding?: number
  /** The name that `output.files` gives it. */
  readonly named?: { readonly file: string; readonly purpose?: IconPurpose }
  /** True: the original itself, byte for byte. */
  readonly verbatim: boolean
}

/** One file to make, planned before anything is decoded. */
export interface PlannedRendition extends PlannedFile {
  /** {@link Digest} of original, operations and encoder version: the file's name in the cache. */
  readonly key: Digest
}

/** What is made of one original. */
export interface FilePlan<File extends PlannedFile = PlannedFile> {
  /** Best format first, the fallback last; widths ascending within a format. Never empty. */
  readonly formats: readonly (readonly [File, ...File[]])[]
  readonly placeholder: PlaceholderKind
  /** Under names of their own; absent when there are none. */
  readonly files?: readonly File[]
}

/** The renditions of one original, planned before anything is decoded. */
export type RenditionPlan = FilePlan<PlannedRendition>

/** A rendition on disk. */
export interface RenditionFile {
  readonly rendition: PlannedRendition
  /** Absolute path. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Of the file's bytes. */
  readonly digest: Digest
}

/** Where a crop lies: how much of what it leaves out is on its left and above it, in per cent. */
export type CropPoint = readonly [x: number, y: number]

/** What a page shows while the picture loads. */
export interface Placeholder {
  /** `#rrggbb` */
  readonly color: string
  /** A picture of a few hundred bytes. */
  readonly dataUrl?: string
  /** Base64 of a ThumbHash. */
  readonly thumbhash?: string
}

/** The files made of originals, in a cache that may be deleted at any time. */
export interface Renditions {
  /** Pure: reads no file, and does not load the encoder. */
  plan(source: RenditionSource, output: OutputSettings): RenditionPlan
  /** Makes the files that the cache lacks, with one decode. Loads the encoder only for that. */
  render(source: RenditionSource, plan: RenditionPlan): Promise<readonly RenditionFile[]>
  /** Finds or makes one rendition; concurrent calls share the work. */
  renderOne(source: RenditionSource, rendition: PlannedRendition): Promise<RenditionFile>
  /** The cached files of a plan, in its order. Makes nothing. */
  known(
    source: RenditionSource,
    renditions: readonly PlannedRendition[],
  ): Promise<readonly (RenditionFile | undefined)[]>
  /**
   * What a file of the project shows, by its header: upright, and decoded only when it is rendered.
   * @param file absolute path of a PNG, JPEG, WebP or AVIF
   * @throws UnusablePictureError when it has too many pixels, or its header is damaged
   */
  readSource(file: string): Promise<SourcePicture>
  /** Whether the picture has transparent pixels. Decodes it unless the cache knows. */
  alpha(source: RenditionSource): Promise<boolean>
  /** From the cache only: decodes nothing. Undefined when it is not known. */
  knownAlpha(source: RenditionSource): Promise<boolean | undefined>
  /** Where a file crops the picture. A strategy finds that once: decodes unless the cache knows. */
  cropPoint(source: RenditionSource, rendition: PlannedRendition): Promise<CropPoint>
  /** From the cache only: decodes nothing. Undefined when a strategy has not found it yet. */
  knownCropPoint(
    source: RenditionSource,
    rendition: PlannedRendition,
  ): Promise<CropPoint | undefined>
  /** From the cache only: decodes nothing. Undefined when it is not there, and for `none`. */
  knownPlaceholder(source: RenditionSource, kind: PlaceholderKind): Promise<Placeholder | undefined>
  /** From the cache, or made now; undefined for `none`. */
  placeholder(source: RenditionSource, kind: PlaceholderKind): Promise<Placeholder | undefined>
}
