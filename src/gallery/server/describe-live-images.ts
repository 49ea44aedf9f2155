import type { DevImages } from '../../dev/dev-images.ts'
import type { DevImage, DevManifest } from '../../dev/images/dev-manifest.ts'
import { draftFile, type ServedFile } from '../../dev/images/served-file.ts'
import { planShown } from '../../dev/images/shown-image.ts'
import { type ImageId, type ImageKey, imageKey } from '../../manifest/image-id.ts'
import { fileBaseName } from '../../module/file-base-name.ts'
import type { InspectedImage } from '../../pipeline/inspect.ts'
import type { EarlierVersion } from '../../pipeline/keep/earlier-versions.ts'
import type { Key } from '../../plan/image-request.ts'
import { sha256 } from '../../system/digest.ts'
import { projectPath } from '../../system/project-path.ts'
import { describeGalleryDetails } from '../data/description/describe-gallery-details.ts'
import { describeGalleryImage } from '../data/description/describe-gallery-image.ts'
import type { GalleryContext } from '../data/gallery-context.ts'
import type { GalleryCosts } from '../data/gallery-costs.ts'
import type { GalleryImage } from '../data/gallery-data.ts'
import type { GalleryDetails } from '../data/gallery-details.ts'
import type { StoredPicture, StoredPictures } from '../data/stored-pictures.ts'

/** The pictures that each image had since the server started, by their keys. */
export type EarlierPictures = Map<ImageKey, Map<Key, StoredPicture>>

export interface LiveContext {
  readonly images: DevImages
  readonly earlier: EarlierPictures
  urlOf(file: ServedFile): string
  editorUrl(file: string, line: number, column: number): string
  /** Every original that is kept. */
  stored(): Promise<StoredPictures>
  /** What they cost. Never rejects. */
  costs(): Promise<GalleryCosts>
  /** Earlier pictures that could stay, by image. */
  keepable(): Promise<ReadonlyMap<ImageKey, EarlierVersion>>
}

/** Describes the wanted images of some manifests. */
export async function describeLiveImages(
  manifests: readonly DevManifest[],
  isWanted: (image: DevImage) => boolean,
  live: LiveContext,
): Promise<readonly GalleryImage[]> {
  const wanted = manifests.flatMap(({ manifest, images }) =>
    images.filter(isWanted).map(image => ({ manifest, image })),
  )
  if (wanted.length === 0) return []
  const context = await contextFor(
    wanted.map(({ image }) => image),
    live,
  )
  return Promise.all(
    wanted.map(({ manifest, image }) => describeGalleryImage(manifest, image, context)),
  )
}

/** What only the panel of one image shows. */
export async function describeLiveDetails(
  { image }: { readonly image: DevImage },
  live: LiveContext,
): Promise<GalleryDetails> {
  return describeGalleryDetails(image, await contextFor([image], live))
}

/** Every image of the project. Going through all for each of thousands takes too long. */
export function indexImages(images: DevImages): ReadonlyMap<ImageKey, DevImage> {
  const all = images.manifests().flatMap(manifest => manifest.images)
  return new Map(all.map(image => [imageKey(image.planned.id), image]))
}

/** Lasts as long as the server runs: the disk does not say whose picture an earlier request made. */
export function rememberPicture(
  earlier: EarlierPictures,
  { planned, live: { shown } }: DevImage,
): void {
  if (shown.kind !== 'picture') return
  const { original } = shown
  if (!original) return
  const key = imageKey(planned.id)
  const pictures = earlier.get(key) ?? new Map<Key, StoredPicture>()
  earlier.set(key, pictures.set(original.entry.key, { original, where: 'local' }))
}

async function contextFor(
  described: readonly DevImage[],
  live: LiveContext,
): Promise<GalleryContext> {
  const lacks = described.some(({ planned }) => planned.status.state !== 'ready')
  const keepable = lacks ? await live.keepable() : new Map<ImageKey, EarlierVersion>()
  const { images, earlier, urlOf, editorUrl, stored, costs } = live
  const { pipeline, generations } = images
  const known = indexImages(images)
  const find = (id: ImageId) => known.get(imageKey(id))
  return {
    pipeline,
    stored: await stored(),
    costs: await costs(),
    urlOf,
    editorUrl,
    pictureOf: id => find(id)?.picture,
    draftOf: draftOfImage,
    pathOf: original => projectPath(pipeline.options.root, original.path),
    // That of its own request, else of another revision.
    generationOf: ({ planned }) =>
      generations.find(planned) ?? generations.alternativesOf(planned.id)[0],
    shownOf({ planned }) {
      const shown = find(planned.id)?.live.shown
      return shown?.kind === 'picture' ? shown : undefined
    },
    earlierVersionOf: id => keepable.get(imageKey(id)),
    earlierOf: id => [...(earlier.get(imageKey(id))?.values() ?? [])],
  }
}

/** As it is before anything was asked for. */
function draftOfImage({ planned }: InspectedImage): ServedFile {
  const shown = planShown({ planned }, undefined, {
    current: { state: 'missing' },
    isDue: false,
  })
  if (shown.kind !== 'draft') throw new TypeError('Without a picture a draft is shown.')
  const digest = sha256(JSON.stringify(shown.draft)).slice(0, 16)
  return draftFile(`${fileBaseName(planned.id)}-draft-${digest}.svg`, shown.draft)
}
