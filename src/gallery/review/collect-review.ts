import path from 'node:path'
import { sumAmounts } from '../../cost/sum-amounts.ts'
import { ImagegenError } from '../../errors/imagegen-error.ts'
import { formatImageId, type ImageId, type ImageKey, imageKey } from '../../manifest/image-id.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { Selection } from '../../pipeline/project/selection.ts'
import type { GalleryAmount } from '../data/gallery-costs.ts'
import type { GalleryImage } from '../data/gallery-data.ts'
import type { GalleryReview, ReviewedImage } from '../data/gallery-review.ts'
import { type CollectedGallery, collectGallery, urlsOfDetails } from '../static/collect-gallery.ts'
import { type ComparedImage, compareImages } from './compare-images.ts'

/** A project in a commit. */
export interface ReviewedState {
  readonly pipeline: Pipeline
  /** As it was asked for. */
  readonly since: string
  readonly commit: string
}

type Compared = Pick<ReviewedImage, 'image' | 'change' | 'samePicture' | 'words'>

/** Describes the images that changed since a commit, for a static gallery. */
export async function collectReview(
  pipeline: Pipeline,
  selection: Selection,
  { state, now }: { readonly state: ReviewedState; readonly now: Date },
): Promise<CollectedGallery & { readonly review: GalleryReview }> {
  const [before, after] = [await readImages(state.pipeline), await readImages(pipeline)]
  const isWanted = selects(selection, pipeline)
  const ids = new Map(
    [...after, ...before].map(([key, { inspected }]) => [key, inspected.planned.id]),
  )
  const wanted = [...ids].filter(([, id]) => isWanted(id))
  const compared = wanted.flatMap(([key, image]): readonly Compared[] => {
    const change = compareImages(before.get(key), after.get(key))
    return change ? [{ image, ...change }] : []
  })
  const present = compared.filter(({ change }) => change !== 'removed')
  const shown = await collectGallery(pipeline, { ...selection, images: idsOf(present) }, now)
  const earlier = compared.filter(({ image }) => before.has(imageKey(image)))
  const old = await collectGallery(state.pipeline, { images: idsOf(earlier) }, now)
  const review = describeReview(compared, {
    shown,
    old,
    state,
    unchanged: wanted.length - compared.length,
  })
  return {
    data: { ...shown.data, images: withEarlier(shown.data.images, old.data.images), review },
    details: withEarlierDetails(shown.details, old.details),
    files: withFilesOf(shown, old, review),
    review,
  }
}

/** Manifests with faults have no images: collecting the gallery tells of the faults. */
async function readImages(pipeline: Pipeline): Promise<ReadonlyMap<ImageKey, ComparedImage>> {
  const { root } = pipeline.options
  const images = new Map<ImageKey, ComparedImage>()
  for (const file of await pipeline.discover()) {
    try {
      const found = await pipeline.inspect(file)
      for (const inspected of found.images) {
        images.set(imageKey(inspected.planned.id), { inspected, root })
      }
    } catch (error) {
      if (!(error instanceof ImagegenError)) throw error
    }
  }
  return images
}

function selects(
  { manifests, images }: Selection,
  { options: { root } }: Pipeline,
): (id: ImageId) => boolean {
  const named = images && new Set(images.map(imageKey))
  const files = manifests && new Set(manifests)
  return id => named?.has(imageKey(id)) ?? files?.has(path.join(root, id.manifest)) ?? true
}

function idsOf(compared: readonly Compared[]): readonly ImageId[] {
  return compared.map(({ image }) => image)
}

interface Describing {
  readonly shown: CollectedGallery
  readonly old: CollectedGallery
  readonly state: ReviewedState
  readonly unchanged: number
}

function describeReview(
  compared: readonly Compared[],
  { shown, old, state, unchanged }: Describing,
): GalleryReview {
  const now = byId(shown.data.images)
  const then = byId(old.data.images)
  const images = compared.map((change): ReviewedImage => {
    const key = imageKey(change.image)
    const before = then.get(key)?.picture
    const isNew = change.change !== 'kept' && !change.samePicture
    const cost = isNew ? now.get(key)?.picture?.cost : undefined
    return { ...change, ...(before && { before }), ...(cost && { cost }) }
  })
  const cost = sumCostsOf(images)
  return {
    since: state.since,
    commit: state.commit,
    images: [
      ...images.filter(({ change }) => change !== 'removed'),
      ...images.filter(({ change }) => change === 'removed'),
    ],
    unchanged,
    ...(cost && { cost }),
  }
}

function byId(images: readonly GalleryImage[]): ReadonlyMap<ImageKey, GalleryImage> {
  return new Map(images.map(image => [imageKey(image.id), image]))
}

/** The picture before stands among an image's others, so that the two can be compared in full. */
function withEarlier(
  images: readonly GalleryImage[],
  earlier: readonly GalleryImage[],
): readonly GalleryImage[] {
  const then = byId(earlier)
  return images.map(image => {
    const before = then.get(imageKey(image.id))
    if (!before?.picture) return image
    const { picture, prompt } = before
    const known = [image.picture, ...image.alternatives].some(
      other => other?.digest === picture.digest,
    )
    if (known) return image
    const alternative = { ...picture, usable: false, ...(prompt !== image.prompt && { prompt }) }
    return { ...image, alternatives: [...image.alternatives, alternative] }
  })
}

/** A picture before has its files in the panel of the image, too. Nobody opens a removed image. */
function withEarlierDetails(
  details: CollectedGallery['details'],
  earlier: CollectedGallery['details'],
): CollectedGallery['details'] {
  const merged = Object.entries(details).map(([image, own]) => {
    const pictures = { ...earlier[image]?.pictures, ...own.pictures }
    return [image, { ...own, pictures }] as const
  })
  return Object.fromEntries(merged)
}

/** As far as the costs are known. */
function sumCostsOf(images: readonly ReviewedImage[]): GalleryAmount | undefined {
  const costs = images.flatMap(({ cost }) => cost ?? [])
  const [first] = costs
  return first && { ...first, amount: sumAmounts(costs.map(({ amount }) => amount)) }
}

/** Those of pictures before are named by their content, as all others are. */
function withFilesOf(
  shown: CollectedGallery,
  old: CollectedGallery,
  { images }: GalleryReview,
): CollectedGallery['files'] {
  const urls = new Set(
    images.flatMap(({ image, before }) => {
      if (!before) return []
      const own = old.details[formatImageId(image)]?.pictures[before.digest]
      return [before.url, before.thumbnailUrl, ...(own ? urlsOfDetails(own) : [])]
    }),
  )
  const known = new Set(shown.files.map(({ url }) => url))
  return [...shown.files, ...old.files.filter(({ url }) => urls.has(url) && !known.has(url))]
}
