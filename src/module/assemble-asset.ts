import type { FilePlan, Placeholder, PlannedFile } from '../renditions/rendition.ts'
import type { ImageAsset, ImageSource } from './image-asset.ts'
import { describeNamedFiles } from './named-files.ts'

/** One picture in its formats and widths. */
export interface DepictedFiles<File extends PlannedFile> {
  readonly plan: FilePlan<File>
  readonly placeholder?: Placeholder | undefined
  /** Pages can see through the files. */
  readonly alpha?: boolean | undefined
  /** The MIME type of what `src` names, where that is not the planned file. */
  readonly type?: ImageAsset['type'] | undefined
}

/** What pages show under a media query. */
export interface VariantFiles<File extends PlannedFile> extends DepictedFiles<File> {
  readonly name: string
  readonly media: string
}

export interface AssetParts<File extends PlannedFile> extends DepictedFiles<File> {
  readonly alt?: string | undefined
  readonly variants?: readonly VariantFiles<File>[] | undefined
}

/** Where an asset names a file. */
export interface FilePlace {
  /** `src` names it. */
  readonly isSrc: boolean
  /** The variant that it belongs to; absent: the image itself. */
  readonly variant?: string
}

type UrlOf<File> = (file: File, place: FilePlace) => string

/**
 * The object that code gets for an image. Build, development, types and tests differ in `urlOf`
 * alone. Pure.
 */
export function assembleAsset<File extends PlannedFile>(
  { variants = [], alt, ...own }: AssetParts<File>,
  urlOf: UrlOf<File>,
): ImageAsset {
  const asset = assembleOne(own, alt, urlOf)
  if (variants.length === 0) return asset
  const assembled = variants.map(({ name, media, ...files }) => {
    const urlIn: UrlOf<File> = (file, place) => urlOf(file, { ...place, variant: name })
    const directed = sourcesOf(files.plan, urlIn).map((source, index) => {
      const { width, height } = mainOf(files.plan.formats[index] ?? [])
      return { media, ...source, width, height }
    })
    return { name, asset: assembleOne(files, alt, urlIn), directed }
  })
  return {
    ...asset,
    sources: [...assembled.flatMap(({ directed }) => directed), ...sourcesOf(own.plan, urlOf)],
    variants: Object.fromEntries(assembled.map(({ name, asset }) => [name, asset])),
  }
}

/** One picture, without the others that may stand for it. */
function assembleOne<File extends PlannedFile>(
  { plan, placeholder, alpha, type }: DepictedFiles<File>,
  alt: string | undefined,
  urlOf: UrlOf<File>,
): ImageAsset {
  const fallback = lastOf(plan.formats)
  const main = mainOf(fallback)
  const sources = sourcesOf(plan, urlOf)
  return {
    src: urlOf(main, { isSrc: true }),
    width: main.width,
    height: main.height,
    format: main.format,
    type: type ?? `image/${main.format}`,
    ...(fallback.length > 1 && { srcset: lastOf(sources).srcset }),
    ...(sources.length > 1 && { sources }),
    ...(placeholder && { placeholder }),
    ...(alpha && { alpha }),
    ...(alt !== undefined && { alt }),
    ...describeNamedFiles(plan.files ?? [], file => urlOf(file, { isSrc: false }), type),
  }
}

/** One source a format. `src` names a file of the last one, which may have a name of its own. */
function sourcesOf<File extends PlannedFile>(
  { formats }: FilePlan<File>,
  urlOf: UrlOf<File>,
): readonly ImageSource[] {
  const src = mainOf(lastOf(formats))
  return formats.map(files => ({
    type: `image/${files[0].format}`,
    srcset: files
      .map(file => `${urlOf(file, { isSrc: file === src })} ${descriptorOf(file)}`)
      .join(', '),
  }))
}

function descriptorOf({ density, width }: PlannedFile): string {
  return density === undefined ? `${width}w` : `${density}x`
}

/** The file of one format that `src` names: the largest, or that of a density of 1. */
function mainOf<File extends PlannedFile>(files: readonly File[]): File {
  const [first] = files
  return first?.density === undefined ? lastOf(files) : first
}

function lastOf<T>(items: readonly T[]): T {
  const last = items.at(-1)
  if (last === undefined) throw new RangeError('A plan of files is never empty.')
  return last
}
