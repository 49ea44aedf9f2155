import type { Fit, OutputSettings, PlaceholderKind, RasterFormat } from '../manifest/manifest.ts'
import type { PictureFacts } from '../originals/original.ts'
import type { Digest } from '../system/digest.ts'

/** The picture that renditions are made from. */
export interface RenditionSource extends PictureFacts {
  /** Absolute path of the verified original. */
  readonly path: string
  readonly digest: Digest
  /** True for an edit of supplied pictures: the IPTC source type then is a composite. */
  readonly composite: boolean
  /** True for a draft: an SVG drawn here, always converted, and with no note of its provenance. */
  readonly drawn?: boolean
}

/** One file as it will look. */
export interface PlannedFile {
  readonly format: RasterFormat
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** How the picture fills `width` × `height`; absent: it has these proportions anyway. */
  readonly fit?: Extract<Fit, 'cover' | 'contain' | 'fill'>
  /** 1 to 100; absent for PNG, which is written without loss. */
  readonly quality?: number
  /** The original itself, byte for byte: nothing is encoded. */
  readonly verbatim: boolean
}

/** One file to make, decided before anything is decoded. */
export interface PlannedRendition extends PlannedFile {
  /** {@link Digest} of original, operations and encoder version: names the file in the cache. */
  readonly key: Digest
}

/** What is made of one original. */
export interface FilePlan<File extends PlannedFile = PlannedFile> {
  /** Best format first, the fallback last; widths ascending within a format. Never empty. */
  readonly formats: readonly (readonly [File, ...File[]])[]
  readonly placeholder: PlaceholderKind
}

/** The renditions of one original, decided before anything is decoded. */
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

/** What a page shows while the picture loads. */
export interface Placeholder {
  /** `#rrggbb` */
  readonly color: string
  /** A picture of a few hundred bytes. */
  readonly dataUrl?: string
  /** Base64 of a ThumbHash. */
  readonly thumbhash?: string
}

/** The files that are made of originals, in a cache that may go at any time. */
export interface Renditions {
  /** Pure: reads no file and does not load the encoder. */
  plan(source: RenditionSource, output: OutputSettings): RenditionPlan
  /** Makes what the cache lacks, with one decode for all of it. Loads the encoder only for that. */
  render(source: RenditionSource, plan: RenditionPlan): Promise<readonly RenditionFile[]>
  /** Makes one rendition when it is asked for; concurrent calls share the work. */
  renderOne(source: RenditionSource, rendition: PlannedRendition): Promise<RenditionFile>
  /** What the cache holds of a plan, in its order. Makes nothing. */
  known(
    source: RenditionSource,
    renditions: readonly PlannedRendition[],
  ): Promise<readonly (RenditionFile | undefined)[]>
  /** From the cache only: decodes nothing. Undefined when it was not made yet, and for `none`. */
  knownPlaceholder(source: RenditionSource, kind: PlaceholderKind): Promise<Placeholder | undefined>
  /** From the cache or made now; undefined for `none`. */
  placeholder(source: RenditionSource, kind: PlaceholderKind): Promise<Placeholder | undefined>
}
