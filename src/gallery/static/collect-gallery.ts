import path from 'node:path'
import type { ServedFile } from '../../dev/images/served-file.ts'
import { ImagegenError } from '../../errors/imagegen-error.ts'
import { formatImageId, imageKey } from '../../manifest/image-id.ts'
import type { InspectedImage, InspectedManifest } from '../../pipeline/inspect.ts'
import { verifyPicture } from '../../pipeline/pictures/image-picture.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { Selection } from '../../pipeline/project/selection.ts'
import { projectPath } from '../../system/project-path.ts'
import { findCrops } from '../data/description/describe-crops.ts'
import { describeFaults } from '../data/description/describe-faults.ts'
import { describeGalleryDetails } from '../data/description/describe-gallery-details.ts'
import { describeGalleryImage } from '../data/description/describe-gallery-image.ts'
import type { GalleryContext } from '../data/gallery-context.ts'
import { type GalleryCosts, NO_COSTS, readGalleryCosts } from '../data/gallery-costs.ts'
import {
  GALLERY_DATA_VERSION,
  type GalleryData,
  type GalleryFault,
  type GalleryImage,
} from '../data/gallery-data.ts'
import type { GalleryDetails, GalleryPictureDetails } from '../data/gallery-details.ts'
import { listStoredPictures } from '../data/stored-pictures.ts'
import type { GalleryFile } from './write-static-gallery.ts'

export interface CollectedGallery {
  readonly data: GalleryData
  /** By the image, as {@link formatImageId} writes it. */
  readonly details: Readonly<Record<string, GalleryDetails>>
  /** What the URLs of both stand for. */
  readonly files: readonly GalleryFile[]
}

/** What the functions of one collection share. */
interface Collection {
  readonly pipeline: Pipeline
  readonly context: GalleryContext
  readonly faults: GalleryFault[]
}

interface DescribedImage {
  readonly image: GalleryImage
  readonly details: GalleryDetails
}

interface FoundManifest {
  readonly file: string
  readonly found: InspectedManifest
}

/** Describes every selected image for a static gallery, with the pictures that are there. */
export async function collectGallery(
  pipeline: Pipeline,
  selection: Selection,
  now: Date,
): Promise<CollectedGallery> {
  const faults: GalleryFault[] = []
  const selected = new Set(selection.manifests ?? (await pipeline.discover()))
  const inspected = await inspectManifests(pipeline, selected, faults)
  const served = new Map<string, ServedFile>()
  const context = await contextOf(pipeline, inspected, served, now)
  const own = inspected.filter(({ file }) => selected.has(file))
  const described = await describeImages(own, selection, { pipeline, context, faults })
  const images = described.map(({ image }) => image)
  const { root, mode } = pipeline.options
  const data: GalleryData = {
    version: GALLERY_DATA_VERSION,
    project: path.basename(root),
    createdAt: now.toISOString(),
    mode,
    ...(context.costs.total && { cost: context.costs.total }),
    images,
    faults,
  }
  const urls = new Set(described.flatMap(urlsOf))
  const files = [...served].flatMap(([url, { content }]) =>
    urls.has(url) ? [{ url, content }] : [],
  )
  const details = described.map(each => [formatImageId(each.image.id), each.details] as const)
  return { data, details: Object.fromEntries(details), files }
}

/** Inspects all manifests of the project, because selected ones may refer to others. */
async function inspectManifests(
  pipeline: Pipeline,
  selected: ReadonlySet<string>,
  faults: GalleryFault[],
): Promise<readonly FoundManifest[]> {
  const inspected: FoundManifest[] = []
  for (const file of new Set([...selected, ...(await pipeline.discover())])) {
    try {
      inspected.push({ file, found: await pipeline.inspect(file) })
    } catch (error) {
      const where = { path: projectPath(pipeline.options.root, file), line: 1, column: 1 }
      const described = faultsOf(error, where)
      if (selected.has(file)) faults.push(...described)
    }
  }
  return inspected
}

async function contextOf(
  pipeline: Pipeline,
  inspected: readonly FoundManifest[],
  served: Map<string, ServedFile>,
  now: Date,
): Promise<GalleryContext> {
  const pictures = new Map(
    inspected.flatMap(({ found }) =>
      found.images.map(({ planned, picture }) => [imageKey(planned.id), picture] as const),
    ),
  )
  return {
    pipeline,
    stored: await listStoredPictures(pipeline),
    costs: await readGalleryCosts(pipeline, now).catch(withoutCosts),
    urlOf(file) {
      const url = `files/${file.identifier}`
      served.set(url, file)
      return url
    },
    pictureOf: id => pictures.get(imageKey(id)),
  }
}

/** Pictures can be shown without what they cost. */
function withoutCosts(error: unknown): GalleryCosts {
  if (error instanceof ImagegenError) return NO_COSTS
  throw error
}

async function describeImages(
  inspected: readonly FoundManifest[],
  selection: Selection,
  { pipeline, context, faults }: Collection,
): Promise<readonly DescribedImage[]> {
  const images: DescribedImage[] = []
  const wanted = selection.images && new Set(selection.images.map(imageKey))
  for (const { manifest, images: own } of inspected.map(({ found }) => found)) {
    for (const image of own) {
      const { id, image: written } = image.planned
      if (wanted && !wanted.has(imageKey(id))) continue
      const checked = await makeRenditions(image, pipeline).catch((error: unknown) => {
        faults.push(...faultsOf(error, { path: id.manifest, ...written.at }))
        return withoutPicture(image, error)
      })
      const described = await describeGalleryImage(manifest, checked, context)
      const details = await describeGalleryDetails(checked, context)
      images.push({ image: described, details: trimAlternatives(described, details) })
    }
  }
  return images
}

/** A page on disk cannot make them on request. */
async function makeRenditions(
  image: InspectedImage,
  { originals, renditions }: Pipeline,
): Promise<InspectedImage> {
  const { picture, planned } = image
  if (!picture) return image
  await verifyPicture(picture, originals)
  await renditions.render(picture.source, renditions.plan(picture.source, planned.image.output))
  await findCrops(planned.image, picture.source, renditions)
  return image
}

/** A corrupt picture is reported, not shown. */
function withoutPicture({ planned }: InspectedImage, error: unknown): InspectedImage {
  const problem = error instanceof Error ? error.message : String(error)
  return { planned: { ...planned, status: { state: 'corrupt', problem } } }
}

/** Of pictures that are not in use, only renditions that a build made are shown. */
function trimAlternatives({ picture }: GalleryImage, details: GalleryDetails): GalleryDetails {
  const trim = (digest: string, own: GalleryPictureDetails): GalleryPictureDetails => ({
    ...own,
    renditions: own.renditions.filter(
      ({ bytes }) => bytes !== undefined || digest === picture?.digest,
    ),
  })
  const pictures = Object.entries(details.pictures)
  return {
    ...details,
    pictures: Object.fromEntries(pictures.map(([digest, own]) => [digest, trim(digest, own)])),
  }
}

function urlsOf({ image, details }: DescribedImage): readonly string[] {
  const { picture, alternatives, references, variants = [] } = image
  const pictures = picture ? [picture, ...alternatives] : alternatives
  const urls = [
    ...[...references, ...variants].map(({ thumbnailUrl }) => thumbnailUrl),
    ...pictures.flatMap(({ url, thumbnailUrl }) => [url, thumbnailUrl]),
    ...Object.values(details.pictures).flatMap(urlsOfDetails),
  ]
  return urls.filter(url => url !== undefined)
}

export function urlsOfDetails({
  placeholder,
  renditions,
}: GalleryPictureDetails): readonly (string | undefined)[] {
  return [placeholder?.url, ...renditions.map(({ url }) => url)]
}

/** Only errors of this package are faults of a manifest. */
function faultsOf(error: unknown, where: GalleryFault['location']): readonly GalleryFault[] {
  if (!(error instanceof ImagegenError)) throw error
  return describeFaults(error, where, (file, line, column) => ({ path: file, line, column }))
}
