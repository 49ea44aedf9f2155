import { formatImageId, type ImageId } from '../../../manifest/image-id.ts'
import type {
  GalleryData,
  GalleryImage,
  GalleryPicture,
  GalleryUpdate,
} from '../../data/gallery-data.ts'
import { labelOf, type StateLabel } from './state-words.ts'

export function keyOf(id: ImageId): string {
  return formatImageId(id)
}

/** Merges an update. Images stay in the order of their manifests' paths and lines. */
export function applyUpdate(data: GalleryData, update: GalleryUpdate): GalleryData {
  const images = new Map(data.images.map(image => [keyOf(image.id), image]))
  for (const id of update.removed ?? []) images.delete(keyOf(id))
  for (const image of update.images ?? []) images.set(keyOf(image.id), image)
  const { images: _, removed: __, ...others } = update
  return { ...data, ...others, images: inOrder([...images.values()]) }
}

export function inOrder(images: readonly GalleryImage[]): readonly GalleryImage[] {
  return images.toSorted(
    (a, b) =>
      compareText(a.id.manifest, b.id.manifest) ||
      a.location.line - b.location.line ||
      compareText(a.id.name, b.id.name),
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The picture's real dimensions, if the request named others. */
export function sizeMismatch(picture: GalleryPicture): string | undefined {
  const asked = /^(\d+)x(\d+)$/.exec(picture.size)
  if (!asked) return undefined
  const same = Number(asked[1]) === picture.width && Number(asked[2]) === picture.height
  return same ? undefined : `${picture.width}x${picture.height}`
}

/** `1536x1024`, or `auto`: of the picture that is there, else as the manifest asks. */
export function realSize({ picture, size }: GalleryImage): string {
  return picture ? `${picture.width}x${picture.height}` : size
}

/** Pixels of the frame in place of a missing picture. */
export function frameOf(image: GalleryImage): { readonly width: number; readonly height: number } {
  if (image.picture) return image.picture
  const asked = /^(\d+)x(\d+)$/.exec(image.size)
  return asked
    ? { width: Number(asked[1]), height: Number(asked[2]) }
    : { width: 1024, height: 1024 }
}

/** Images that are edits of this one: another picture of it changes their requests. */
export function dependentsOf(
  id: ImageId,
  images: readonly GalleryImage[],
): readonly GalleryImage[] {
  const key = keyOf(id)
  return images.filter(({ references }) =>
    references.some(({ image }) => image && keyOf(image) === key),
  )
}

const NOT_THERE: readonly StateLabel[] = ['missing', 'failed', 'uncertain']

/** Images that these are made from, directly or indirectly, and that have no picture yet. */
export function missingReferences(
  images: readonly GalleryImage[],
  all: readonly GalleryImage[],
): readonly GalleryImage[] {
  const byKey = new Map(all.map(image => [keyOf(image.id), image]))
  const found = new Set<GalleryImage>()
  const waiting = [...images]
  for (let image = waiting.pop(); image; image = waiting.pop()) {
    for (const { image: id } of image.references) {
      const reference = id && byKey.get(keyOf(id))
      if (!reference || found.has(reference)) continue
      if (!NOT_THERE.includes(labelOf(reference.status))) continue
      found.add(reference)
      waiting.push(reference)
    }
  }
  return [...found].filter(reference => !images.includes(reference))
}
