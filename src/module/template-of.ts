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
import type { AssetFile, ImageTemplate } from './image-template.ts'

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

  function fileOf({ key, named }: PlannedRendition, { isSrc, variant }: FilePlace): AssetFile {
    const files = variant === undefined ? ownFiles : variantFiles.get(variant)
    const file = files?.get(key)
    if (!file) throw new Error(`${formatImageId(id)}: a planned rendition was not made.`)
    const fixedName = named?.file ?? (isSrc && variant === undefined ? output.file : undefined)
    return fixedName === undefined ? file : { ...file, fixedName }
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

/** By the keys of their renditions. */
function assetFiles(base: string, { files }: MadeFiles): ReadonlyMap<Digest, AssetFile> {
  return new Map(files.map(file => [file.rendition.key, assetFileOf(base, file)]))
}

function assetFileOf(base: string, file: RenditionFile): AssetFile {
  const { rendition, digest, path, size } = file
  return {
    name: rendition.verbatim ? base : `${base}-${rendition.width}w`,
    extension: fileExtensionOf(rendition),
    digest,
    path,
    size,
  }
}
