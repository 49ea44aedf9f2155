import { currentState } from '../../../dev/images/generation.ts'
import type { ManifestImage } from '../../../manifest/manifest.ts'
import type { InspectedImage } from '../../../pipeline/inspect.ts'
import type { ImagePicture } from '../../../pipeline/pictures/image-picture.ts'
import type { GalleryContext } from '../gallery-context.ts'
import type { GalleryDetails, GalleryPictureDetails, GalleryRendition } from '../gallery-details.ts'
import { renditionFile, thumbHashFile } from '../gallery-files.ts'
import { describeWholeTrouble } from './describe-trouble.ts'
import { findKnownPictures } from './known-pictures.ts'

/** What only the panel of an image shows. Reads what the cache knows of its files, and makes none. */
export async function describeGalleryDetails(
  inspected: InspectedImage,
  context: GalleryContext,
): Promise<GalleryDetails> {
  const { shown, own, others } = findKnownPictures(inspected, context)
  const pictures = [own ?? shown, ...others].filter(picture => picture !== undefined)
  const described = pictures.map(
    async picture =>
      [
        picture.source.digest,
        await describePictureDetails(picture, inspected.planned.image, context),
      ] as const,
  )
  const { image, status } = inspected.planned
  const generation = context.generationOf?.(inspected)
  const words = describeWholeTrouble(image.id, currentState(status, generation?.status))
  return {
    ...(words !== undefined && { words }),
    ...(context.draftOf && { draftUrl: context.urlOf(context.draftOf(inspected)) }),
    pictures: Object.fromEntries(await Promise.all(described)),
  }
}

async function describePictureDetails(
  picture: ImagePicture,
  image: ManifestImage,
  context: GalleryContext,
): Promise<GalleryPictureDetails> {
  const { original } = picture
  return {
    ...(original && context.pathOf && { path: context.pathOf(original) }),
    ...(await describePlaceholder(picture, image, context)),
    renditions: await describeRenditions(picture, image, context),
  }
}

async function describePlaceholder(
  { source }: ImagePicture,
  { output }: ManifestImage,
  { pipeline: { renditions }, urlOf }: GalleryContext,
): Promise<Pick<GalleryPictureDetails, 'placeholder'>> {
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
