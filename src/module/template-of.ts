import { formatImageId } from '../manifest/image-id.ts'
import type { ManifestImage } from '../manifest/manifest.ts'
import type { Placeholder, RenditionFile, RenditionPlan } from '../renditions/rendition.ts'
import { extensionOf } from '../system/picture-format.ts'
import type { AssetFile, ImageTemplate, SrcsetCandidate } from './image-template.ts'

/** Describes an image's asset from the files that its plan led to. Pure. */
export function templateOf(
  image: ManifestImage,
  plan: RenditionPlan,
  files: readonly RenditionFile[],
  placeholder: Placeholder | undefined,
): ImageTemplate {
  const byKey = new Map(files.map(file => [file.rendition.key, file]))
  const formats = plan.formats.map(renditions => {
    const candidates = renditions.map((rendition): SrcsetCandidate => {
      const file = byKey.get(rendition.key)
      if (!file) throw new Error(`${formatImageId(image.id)}: a planned rendition was not made.`)
      return { file: assetFileOf(image, file), width: rendition.width }
    })
    return {
      format: renditions[0].format,
      type: `image/${renditions[0].format}` as const,
      candidates,
    }
  })
  const fallback = lastOf(formats)
  const largest = lastOf(lastOf(plan.formats))
  const { file } = lastOf(fallback.candidates)
  const fixedName = image.output.file
  const src = fixedName === undefined ? file : { ...file, fixedName }
  const candidates = [...fallback.candidates.slice(0, -1), { file: src, width: largest.width }]
  const sources = [...formats.slice(0, -1), { ...fallback, candidates }]
  return {
    id: image.id,
    exportName: image.exportName,
    src,
    width: largest.width,
    height: largest.height,
    format: fallback.format,
    type: fallback.type,
    ...(candidates.length > 1 && { srcset: candidates }),
    ...(sources.length > 1 && {
      sources: sources.map(({ type, candidates: srcset }) => ({ type, srcset })),
    }),
    ...(placeholder && { placeholder }),
    ...(image.alt !== undefined && { alt: image.alt }),
  }
}

function assetFileOf({ id }: ManifestImage, file: RenditionFile): AssetFile {
  const { rendition, digest, path, size } = file
  const base = id.name.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'image'
  return {
    name: rendition.verbatim ? base : `${base}-${rendition.width}w`,
    extension: extensionOf(rendition.format),
    digest,
    path,
    size,
  }
}

function lastOf<T>(items: readonly [T, ...T[]]): T
function lastOf<T>(items: readonly T[]): T
function lastOf<T>(items: readonly T[]): T {
  const last = items.at(-1)
  if (last === undefined) throw new RangeError('A rendition plan is never empty.')
  return last
}
