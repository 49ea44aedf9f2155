import { formatImageId, type ImageId } from '../manifest/image-id.ts'
import type { ManifestImage } from '../manifest/manifest.ts'
import type { PlannedRendition, RenditionFile } from '../renditions/rendition.ts'
import type { Digest } from '../system/digest.ts'
import { fileExtensionOf } from '../system/file-type.ts'
import {
  assembleAsset,
  type DepictedFiles,
  type FilePlace,
  type VariantFiles,
} from './assemble-asset.ts'
import { fileBaseName } from './file-base-name.ts'
import type { AssetFile, FileOrigin, ImageTemplate } from './image-template.ts'

/** Files that were made as planned. */
export interface MadeFiles extends DepictedFiles<PlannedRendition> {
  readonly files: readonly RenditionFile[]
}

export interface MadeVariant extends MadeFiles, VariantFiles<PlannedRendition> {
  /** Whose picture it is. */
  readonly picture: ImageId
}

/** Describes an image from the files that its plan, and those of its variants, led to. Pure. */
export function templateOf(
  image: ManifestImage,
  own: MadeFiles,
  variants: readonly MadeVariant[] = [],
): ImageTemplate {
  const { id, exportName, alt, output } = image
  const base = fileBaseName(id)
  const ownFiles = assetFiles(base, own)
  const variantFiles = new Map(
    variants.map(variant => {
      const { name, picture } = variant
      const isOwn = picture.name === id.name
      const variantBase = fileBaseName(isOwn ? { name: `${id.name}-${name}` } : picture)
      return [name, assetFiles(variantBase, variant)] as const
    }),
  )

  function fileOf(rendition: PlannedRendition, { isSrc, variant }: FilePlace): AssetFile {
    const { key, named } = rendition
    const files = variant === undefined ? ownFiles : variantFiles.get(variant)
    const file = files?.get(key)
    if (!file) throw new Error(`${formatImageId(id)}: a planned rendition was not made.`)
    const fixedName = named?.file ?? (isSrc && variant === undefined ? output.file : undefined)
    const made = { ...file, origin: originOf(id, rendition, { isSrc, variant }) }
    return fixedName === undefined ? made : { ...made, fixedName }
  }

  function assemble(urlOf: (file: AssetFile) => string) {
    return assembleAsset({ ...own, variants, alt }, (rendition, place) =>
      urlOf(fileOf(rendition, place)),
    )
  }

  return { id, exportName, files: filesOf(assemble), assemble }
}

/** The files that an asset names. */
export function filesOf(assemble: ImageTemplate['assemble']): readonly AssetFile[] {
  const files: AssetFile[] = []
  assemble(file => `${files.push(file)}`)
  return files
}

/** The query that a URL would name a file by. */
function originOf(
  { manifest, name }: ImageId,
  { format, width, named }: PlannedRendition,
  { isSrc, variant }: { readonly isSrc: boolean; readonly variant: string | undefined },
): FileOrigin {
  const which = named ? { file: named.file } : isSrc ? {} : { format, width }
  const given = { image: name, ...(variant !== undefined && { variant }), ...which }
  const query = Object.entries(given)
    .map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll('%2F', '/')}`)
    .join('&')
  return { manifest, query }
}

/** What is known of a file wherever it is shown. */
type MadeFile = Omit<AssetFile, 'origin'>

/** By the keys of their renditions. */
function assetFiles(base: string, { files }: MadeFiles): ReadonlyMap<Digest, MadeFile> {
  return new Map(files.map(file => [file.rendition.key, assetFileOf(base, file)]))
}

function assetFileOf(base: string, file: RenditionFile): MadeFile {
  const { rendition, digest, path, size } = file
  return {
    name: rendition.verbatim ? base : `${base}-${rendition.width}w`,
    extension: fileExtensionOf(rendition),
    digest,
    path,
    size,
  }
}
