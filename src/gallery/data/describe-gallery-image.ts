import path from 'node:path'
import { currentState, type Generation } from '../../dev/images/generation.ts'
import type { ServedFile } from '../../dev/images/served-file.ts'
import type { ImageId } from '../../manifest/image-id.ts'
import type {
  ImageVariant,
  Manifest,
  ManifestImage,
  ManifestReference,
  OutputSettings,
} from '../../manifest/manifest.ts'
import type { InspectedImage } from '../../pipeline/inspect.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import { providerNamed } from '../../pipeline/project/image-provider-of.ts'
import { estimateImage } from '../../pipeline/run/estimate-cost.ts'
import { isUnmarked } from '../../pipeline/source-of.ts'
import { isUnderWay } from '../../plan/image-state.ts'
import type { RenditionSource } from '../../renditions/rendition.ts'
import { projectPath } from '../../system/project-path.ts'
import type { GalleryCosts } from './gallery-costs.ts'
import type {
  GalleryImage,
  GalleryLocation,
  GalleryPicture,
  GalleryReference,
  GalleryRendition,
  GalleryVariant,
} from './gallery-data.ts'
import { originalFile, referenceFile, renditionFile } from './gallery-files.ts'
import { type StoredPicture, type StoredPictures, subjectOf } from './stored-pictures.ts'

/** Pixels of the pictures on cards. */
const THUMBNAIL = { formats: ['webp'], widths: [480] } as const

export interface GalleryContext {
  readonly pipeline: Pick<Pipeline, 'options' | 'originals' | 'renditions'>
  readonly stored: StoredPictures
  readonly costs: GalleryCosts
  /** Makes a file available and returns its URL. */
  urlOf(file: ServedFile): string
  editorUrl?(file: string, line: number, column: number): string
  /** The picture of an image that another one refers to, if it is there. */
  pictureOf(id: ImageId): InspectedImage['picture'] | undefined
  generationOf?(image: InspectedImage): Generation | undefined
  /** What pages still show as long as the current request has no picture. */
  shownOf?(image: InspectedImage): InspectedImage['picture'] | undefined
  /** Pictures of earlier requests of an image. */
  earlierOf?(id: ImageId): readonly StoredPicture[]
}

/** All that the gallery says of one image. Makes no picture: files are made on request. */
export async function describeGalleryImage(
  { path: file, single }: Manifest,
  inspected: InspectedImage,
  context: GalleryContext,
): Promise<GalleryImage> {
  const { planned, picture = context.shownOf?.(inspected) } = inspected
  const { image, request } = planned
  const { id, exportName, prompt, size, revision, alt } = image
  const where = planned.status.state === 'ready' ? planned.status.where : 'local'
  const generation = context.generationOf?.(inspected)
  const status = currentState(planned.status, generation?.status)
  const own = picture && { original: picture.original, where }
  const revisions = request ? (context.stored.get(subjectOf(request)) ?? []) : []
  const earlier = (context.earlierOf?.(id) ?? []).filter(other => !holds(revisions, other))
  const others = [...revisions, ...earlier].filter(other => !own || !holds([own], other))
  const describe = (stored: StoredPicture): Promise<GalleryPicture> =>
    describePicture(stored, inspected, holds(revisions, stored), context)
  return {
    id,
    exportName,
    importLine: `import ${single ? exportName : `{ ${exportName} }`} from './${path.posix.basename(file)}'`,
    status,
    ...(generation && isUnderWay(status) && { since: generation.since }),
    prompt,
    model: image.model ?? providerNamed(context.pipeline.options, image.provider).model,
    size,
    revision,
    ...(alt !== undefined && { alt }),
    references: await Promise.all(
      image.references.map(reference => describeReference(id, reference, context)),
    ),
    ...(image.variants && {
      variants: image.variants.map(variant => describeVariant(id, variant, picture, context)),
    }),
    ...(own && { picture: await describe(own) }),
    alternatives: await Promise.all(others.map(describe)),
    ...priceOfImage(planned, context),
    location: locate(file, image.at.line, image.at.column, context),
  }
}

function priceOfImage(
  planned: InspectedImage['planned'],
  { pipeline: { options } }: GalleryContext,
): Pick<GalleryImage, 'price'> {
  const amount = estimateImage(planned, options)
  return amount === undefined ? {} : { price: { amount, currency: options.budget.currency } }
}

/** Locates a place in a manifest. */
export function locate(
  file: string,
  line: number,
  column: number,
  { editorUrl, pipeline }: Pick<GalleryContext, 'editorUrl' | 'pipeline'>,
): GalleryLocation {
  const url = editorUrl?.(path.join(pipeline.options.root, file), line, column)
  return { path: file, line, column, ...(url !== undefined && { editorUrl: url }) }
}

function holds(pictures: readonly StoredPicture[], { original }: StoredPicture): boolean {
  return pictures.some(other => other.original.entry.key === original.entry.key)
}

async function describeReference(
  owner: ImageId,
  reference: ManifestReference,
  { pipeline, pictureOf, urlOf }: GalleryContext,
): Promise<GalleryReference> {
  if (reference.kind === 'image') {
    const picture = pictureOf(reference.image)
    return {
      label: reference.image.name,
      image: reference.image,
      ...(picture && { thumbnailUrl: urlOf(thumbnailFile(picture, pipeline)) }),
    }
  }
  const folder = path.join(pipeline.options.root, path.dirname(owner.manifest))
  const file = await referenceFile(path.resolve(folder, reference.path))
  const label = path.isAbsolute(reference.path)
    ? projectPath(folder, reference.path)
    : reference.path
  return { label, ...(file && { thumbnailUrl: urlOf(file) }) }
}

/** @param own the picture of the image that has the variant */
function describeVariant(
  owner: ImageId,
  { name, media, picture, output }: ImageVariant,
  own: InspectedImage['picture'] | undefined,
  { pipeline, pictureOf, urlOf }: GalleryContext,
): GalleryVariant {
  const isOwn = picture.name === owner.name
  const shown = isOwn ? own : pictureOf(picture)
  return {
    name,
    media,
    ...(!isOwn && { image: picture }),
    ...(shown && { thumbnailUrl: urlOf(thumbnailFile(shown, pipeline, output)) }),
  }
}

async function describePicture(
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
    ...(cost && { cost }),
    where,
    renditions: await describeRenditions({ original, source }, planned.image, context),
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

function thumbnailFile(
  { original, source }: NonNullable<InspectedImage['picture']>,
  pipeline: GalleryContext['pipeline'],
  crop: OutputSettings = {},
): ServedFile {
  const [[rendition] = []] = pipeline.renditions.plan(source, { ...crop, ...THUMBNAIL }).formats
  return rendition
    ? renditionFile(original, source, rendition, pipeline)
    : originalFile(original, pipeline)
}
