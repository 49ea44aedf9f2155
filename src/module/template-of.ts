import { formatImageId } from '../manifest/image-id.ts'
import type { ManifestImage } from '../manifest/manifest.ts'
import type {
  Placeholder,
  PlannedRendition,
  RenditionFile,
  RenditionPlan,
} from '../renditions/rendition.ts'
import { extensionOf } from '../system/picture-format.ts'
import { assembleAsset } from './assemble-asset.ts'
import { fileBaseName } from './file-base-name.ts'
import type { AssetFile, ImageTemplate } from './image-template.ts'

/** Describes an image from the files that its plan led to. Pure. */
export function templateOf(
  image: ManifestImage,
  plan: RenditionPlan,
  files: readonly RenditionFile[],
  placeholder: Placeholder | undefined,
): ImageTemplate {
  const { id, exportName, alt, output } = image
  const byKey = new Map(files.map(file => [file.rendition.key, assetFileOf(image, file)]))

  function fileOf({ key }: PlannedRendition, isSrc: boolean): AssetFile {
    const file = byKey.get(key)
    if (!file) throw new Error(`${formatImageId(id)}: a planned rendition was not made.`)
    return isSrc && output.file !== undefined ? { ...file, fixedName: output.file } : file
  }

  function assemble(urlOf: (file: AssetFile) => string) {
    return assembleAsset({ plan, placeholder, alt }, (rendition, isSrc) =>
      urlOf(fileOf(rendition, isSrc)),
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

function assetFileOf({ id }: ManifestImage, file: RenditionFile): AssetFile {
  const { rendition, digest, path, size } = file
  const base = fileBaseName(id)
  return {
    name: rendition.verbatim ? base : `${base}-${rendition.width}w`,
    extension: extensionOf(rendition.format),
    digest,
    path,
    size,
  }
}
