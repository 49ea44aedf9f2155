import type { ServedFile } from '../../dev/images/served-file.ts'
import type { ManifestImage, OutputSettings } from '../../manifest/manifest.ts'
import type { OriginalEntry } from '../../originals/original.ts'
import { decisionOf } from '../../originals/store/entry/decision.ts'
import type { InspectedImage } from '../../pipeline/inspect.ts'
import { isUnmarked } from '../../pipeline/source-of.ts'
import type { RenditionSource } from '../../renditions/rendition.ts'
import type { GalleryContext } from './gallery-context.ts'
import type { GalleryPicture, GalleryRendition } from './gallery-data.ts'
import { originalFile, renditionFile } from './gallery-files.ts'
import type { StoredPicture } from './stored-pictures.ts'

/** Pixels of the pictures on cards. */
const THUMBNAIL = { formats: ['webp'], widths: [480] } as const

/** All that the gallery says of one picture. */
export async function describePicture(
  { original, where }: StoredPicture,
  { planned, picture }: InspectedImage,
  usable: boolean,
  context: GalleryContext,
): Promise<GalleryPicture> {
  const { pipeline, urlOf, costs } = context
  const { entry } = original
  const cost = costs.of(entry)
  const { request, facts, digest, format, width, height } = entry
  const isOwn = picture?.original.entry.key === entry.key
  const source: RenditionSource = isOwn
    ? picture.source
    : {
        path: original.path,
        digest,
        format,
        width,
        height,
        composite: request.references.length > 0,
        ...(isUnmarked(entry) && { unmarked: true }),
      }
  const { revised_prompt: revisedPrompt } = facts
  return {
    digest,
    format,
    width,
    height,
    revision: request.revision,
    usable: usable || isOwn,
    ...(request.prompt !== planned.image.prompt && { prompt: request.prompt }),
    ...(typeof revisedPrompt === 'string' && { revisedPrompt }),
    model: request.model,
    size: request.size,
    url: urlOf(originalFile(original, pipeline)),
    bytes: entry.size,
    thumbnailUrl: urlOf(thumbnailFile({ original, source }, pipeline)),
    createdAt: entry.createdAt,
    attempts: entry.attempts,
    ...describeOrigin(entry),
    ...(cost && { cost }),
    where,
    renditions: await describeRenditions({ original, source }, planned.image, context),
  }
}

function describeOrigin(entry: OriginalEntry): Pick<GalleryPicture, 'origin'> {
  const decision = decisionOf(entry)
  if (!decision) return {}
  return {
    origin:
      decision.kind === 'kept' ? 'kept from an earlier request' : `adopted from ${decision.file}`,
  }
}

async function describeRenditions(
  { original, source }: NonNullable<InspectedImage['picture']>,
  { output }: ManifestImage,
  { pipeline, urlOf }: GalleryContext,
): Promise<readonly GalleryRendition[]> {
  const plan = pipeline.renditions.plan(source, output).formats.flat()
  const known = await pipeline.renditions.known(source, plan)
  return plan.map((rendition, index) => {
    const { format, width, height } = rendition
    const bytes = known[index]?.size
    const url = urlOf(renditionFile(original, source, rendition, pipeline))
    return { format, width, height, url, ...(bytes !== undefined && { bytes }) }
  })
}

/** A small rendition for cards. */
export function thumbnailFile(
  { original, source }: NonNullable<InspectedImage['picture']>,
  pipeline: GalleryContext['pipeline'],
  crop: OutputSettings = {},
): ServedFile {
  const [[rendition] = []] = pipeline.renditions.plan(source, { ...crop, ...THUMBNAIL }).formats
  return rendition
    ? renditionFile(original, source, rendition, pipeline)
    : originalFile(original, pipeline)
}
