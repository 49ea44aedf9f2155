import type { ServedFile } from '../../../dev/images/served-file.ts'
import type { ManifestImage, OutputSettings } from '../../../manifest/manifest.ts'
import type { OriginalEntry } from '../../../originals/original.ts'
import { decisionOf } from '../../../originals/store/entry/decision.ts'
import type { InspectedImage } from '../../../pipeline/inspect.ts'
import type { ImagePicture } from '../../../pipeline/pictures/image-picture.ts'
import { isUnmarked } from '../../../pipeline/pictures/source-of.ts'
import type {
  PlannedRendition,
  RenditionPlan,
  RenditionSource,
} from '../../../renditions/rendition.ts'
import { withoutMarks } from '../../../text/shown-text.ts'
import type { GalleryContext } from '../gallery-context.ts'
import type { GalleryPicture, GalleryRendition } from '../gallery-data.ts'
import { originalFile, renditionFile, thumbHashFile } from '../gallery-files.ts'
import type { StoredPicture } from '../stored-pictures.ts'

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
  const isOwn = picture?.original?.entry.key === entry.key
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
    ...(typeof revisedPrompt === 'string' && { revisedPrompt: withoutMarks(revisedPrompt) }),
    model: request.model,
    size: request.size,
    ...(context.pathOf && { path: context.pathOf(original) }),
    url: urlOf(originalFile(original, pipeline)),
    bytes: entry.size,
    thumbnailUrl: urlOf(thumbnailFile({ original, source }, pipeline)),
    createdAt: entry.createdAt,
    attempts: entry.attempts,
    ...describeOrigin(entry),
    ...(cost && { cost }),
    where,
    ...(await describePlaceholder(source, planned.image, context)),
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

/** Makes none. */
async function describePlaceholder(
  source: RenditionSource,
  { output }: ManifestImage,
  { pipeline: { renditions }, urlOf }: GalleryContext,
): Promise<Pick<GalleryPicture, 'placeholder'>> {
  const { placeholder: kind } = renditions.plan(source, output)
  const known = await renditions.knownPlaceholder(source, kind)
  if (kind === 'none' || !known) return {}
  const { color, dataUrl, thumbhash } = known
  const url = thumbhash === undefined ? dataUrl : urlOf(thumbHashFile(thumbhash))
  const { length: bytes } = thumbhash ?? dataUrl ?? color
  return { placeholder: { kind, color, bytes, ...(url !== undefined && { url }) } }
}

async function describeRenditions(
  picture: ImagePicture,
  { output }: ManifestImage,
  { pipeline, urlOf }: GalleryContext,
): Promise<readonly GalleryRendition[]> {
  const plan = pipeline.renditions.plan(picture.source, output).formats.flat()
  const known = await pipeline.renditions.known(picture.source, plan)
  return plan.map((rendition, index) => {
    const { format, width, height } = rendition
    const bytes = known[index]?.size
    const url = urlOf(renditionFile(picture, rendition, pipeline))
    return { format, width, height, url, ...(bytes !== undefined && { bytes }) }
  })
}

/** A small rendition for cards. */
export function thumbnailFile(
  picture: ImagePicture,
  pipeline: GalleryContext['pipeline'],
  crop: OutputSettings = {},
): ServedFile {
  const { formats } = pipeline.renditions.plan(picture.source, { ...crop, ...THUMBNAIL })
  return renditionFile(picture, firstOf(formats), pipeline)
}

function firstOf(formats: RenditionPlan['formats']): PlannedRendition {
  const [rendition] = formats.flat()
  if (!rendition) throw new RangeError('A plan of files is never empty.')
  return rendition
}

/** A source image: what pages get of it at most, not the file, whose metadata concern nobody. */
export async function describeSource(
  { planned: { image, source: file } }: InspectedImage,
  picture: ImagePicture,
  context: GalleryContext,
): Promise<GalleryPicture> {
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
    ...(await describePlaceholder(picture.source, image, context)),
    renditions: await describeRenditions(picture, image, context),
  }
}
