import path from 'node:path'
import { currentState } from '../../../dev/images/generation.ts'
import type { ImageId } from '../../../manifest/image-id.ts'
import type { ImageVariant, Manifest, ManifestReference } from '../../../manifest/manifest.ts'
import type { InspectedImage } from '../../../pipeline/inspect.ts'
import type { EarlierVersion } from '../../../pipeline/keep/earlier-versions.ts'
import { providerNamed } from '../../../pipeline/project/image-provider-of.ts'
import { estimateImage } from '../../../pipeline/run/estimate-cost.ts'
import { isUnderWay } from '../../../plan/image-state.ts'
import { projectPath } from '../../../system/project-path.ts'
import type { GalleryContext } from '../gallery-context.ts'
import type {
  GalleryImage,
  GalleryLocation,
  GalleryReference,
  GalleryVariant,
} from '../gallery-data.ts'
import { referenceFile } from '../gallery-files.ts'
import { describeCrops } from './describe-crops.ts'
import { describePicture, describeSource, thumbnailFile } from './describe-gallery-picture.ts'
import { describeTrouble, shownState } from './describe-trouble.ts'
import { findKnownPictures } from './known-pictures.ts'

/** All that the gallery says of one image. Makes no picture: files are made on request. */
export async function describeGalleryImage(
  { path: file, single }: Manifest,
  inspected: InspectedImage,
  context: GalleryContext,
): Promise<GalleryImage> {
  const { planned } = inspected
  const { image } = planned
  const { id, exportName, prompt, size, revision, alt } = image
  const generation = context.generationOf?.(inspected)
  const status = currentState(planned.status, generation?.status)
  const version = context.earlierVersionOf?.(id)
  const { shown: picture, own, others } = findKnownPictures(inspected, context)
  return {
    id,
    exportName,
    importLine: `import ${single ? exportName : `{ ${exportName} }`} from './${path.posix.basename(file)}'`,
    status: shownState(status),
    ...describeProblem(id, status),
    ...(generation && isUnderWay(status) && { since: generation.since }),
    prompt,
    ...(image.provider !== undefined && { provider: image.provider }),
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
    ...(image.source && {
      source: path.posix.relative(
        path.posix.dirname(file),
        projectPath(context.pipeline.options.root, image.source.path),
      ),
    }),
    ...(await describeCropsOf(inspected, picture, context)),
    ...(own && { picture: describePicture(own, inspected, context) }),
    ...(picture && !own && { picture: describeSource(inspected, picture, context) }),
    ...describeKeep(version, status),
    alternatives: others.map(other => describePicture(other, inspected, context)),
    ...(image.source ? {} : priceOfImage(planned, context)),
    location: locate(file, image.at.line, image.at.column, context),
  }
}

async function describeCropsOf(
  { planned: { image } }: InspectedImage,
  picture: InspectedImage['picture'],
  { pipeline: { renditions } }: GalleryContext,
): Promise<Pick<GalleryImage, 'crops' | 'lacksCrops'>> {
  if (!picture) return {}
  const { crops, isCut } = await describeCrops(image, picture.source, renditions)
  return { ...(crops.length > 0 && { crops }), ...(isCut && { lacksCrops: true }) }
}

function describeProblem(id: ImageId, status: GalleryImage['status']) {
  const trouble = describeTrouble(id, status)
  return trouble ? { trouble } : {}
}

function priceOfImage(
  planned: InspectedImage['planned'],
  { pipeline: { options } }: GalleryContext,
): Pick<GalleryImage, 'price'> {
  const amount = estimateImage(planned, options)
  return amount === undefined ? {} : { price: { amount, currency: options.budget.currency } }
}

/** Only in a state that somebody may end: nobody decides on a picture that is on its way. */
function describeKeep(
  version: EarlierVersion | undefined,
  status: GalleryImage['status'],
): Pick<GalleryImage, 'keep'> {
  if (!version || isUnderWay(status) || status.state === 'ready') return {}
  return { keep: { because: version.changes, createdAt: version.earlier.createdAt } }
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
