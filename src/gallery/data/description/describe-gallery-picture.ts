import type { ServedFile } from '../../../dev/images/served-file.ts'
import type { OutputSettings } from '../../../manifest/manifest.ts'
import type { OriginalEntry } from '../../../originals/original.ts'
import { decisionOf } from '../../../originals/store/entry/decision.ts'
import type { InspectedImage } from '../../../pipeline/inspect.ts'
import type { ImagePicture } from '../../../pipeline/pictures/image-picture.ts'
import type { PlannedRendition, RenditionPlan } from '../../../renditions/rendition.ts'
import { withoutMarks } from '../../../text/shown-text.ts'
import type { GalleryContext } from '../gallery-context.ts'
import type { GalleryPicture } from '../gallery-data.ts'
import { originalFile, renditionFile } from '../gallery-files.ts'
import type { KnownPicture } from './known-pictures.ts'

/** Pixels of the pictures on cards. */
const THUMBNAIL: OutputSettings = { formats: ['webp'], widths: [480] }

/** What the gallery says of one picture beside its details. */
export function describePicture(
  { original, where, source, usable }: KnownPicture,
  { planned }: InspectedImage,
  context: GalleryContext,
): GalleryPicture {
  const { pipeline, urlOf, costs } = context
  const { entry } = original
  const cost = costs.of(entry)
  const { request, facts, digest, format, width, height } = entry
  const { revised_prompt: revisedPrompt } = facts
  return {
    digest,
    format,
    width,
    height,
    revision: request.revision,
    usable,
    ...(request.prompt !== planned.image.prompt && { prompt: request.prompt }),
    ...(typeof revisedPrompt === 'string' && { revisedPrompt: withoutMarks(revisedPrompt) }),
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

/** A small rendition for cards. */
export function thumbnailFile(
  picture: ImagePicture,
  pipeline: GalleryContext['pipeline'],
  crop?: OutputSettings,
): ServedFile {
  // One object for all whole pictures: plans are remembered by it.
  const output = crop ? { ...crop, ...THUMBNAIL } : THUMBNAIL
  const { formats } = pipeline.renditions.plan(picture.source, output)
  return renditionFile(picture, firstOf(formats), pipeline)
}

function firstOf(formats: RenditionPlan['formats']): PlannedRendition {
  const [rendition] = formats.flat()
  if (!rendition) throw new RangeError('A plan of files is never empty.')
  return rendition
}

/** A source image: what pages get of it at most, not the file, whose metadata concern nobody. */
export function describeSource(
  { planned: { image, source: file } }: InspectedImage,
  picture: ImagePicture,
  context: GalleryContext,
): GalleryPicture {
  const { pipeline, urlOf } = context
  const { digest, format, width, height } = picture.source
  const full = firstOf(pipeline.renditions.plan(picture.source, {}).formats)
  return {
    digest,
    format,
    width,
    height,
    revision: image.revision,
    usable: true,
    model: '',
    size: `${width}x${height}`,
    url: urlOf(renditionFile(picture, full, pipeline)),
    bytes: file?.size ?? 0,
    thumbnailUrl: urlOf(thumbnailFile(picture, pipeline)),
    createdAt: new Date(0).toISOString(),
    attempts: 0,
    where: 'local',
  }
}
