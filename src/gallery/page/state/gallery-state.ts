import { formatImageId, type ImageId } from '../../../manifest/image-id.ts'
import type {
  GalleryData,
  GalleryImage,
  GalleryPicture,
  GalleryUpdate,
} from '../../data/gallery-data.ts'
import { labelOf, type StateLabel } from './state-words.ts'

/** Which images are shown. Each field narrows them down. */
export interface GalleryFilter {
  readonly text?: string
  readonly label?: StateLabel
  readonly manifest?: string
}

export function keyOf(id: ImageId): string {
  return formatImageId(id)
}

/** Merges an update. Images stay in the order of their manifests' paths and lines. */
export function applyUpdate(data: GalleryData, update: GalleryUpdate): GalleryData {
  const images = new Map(data.images.map(image => [keyOf(image.id), image]))
  for (const id of update.removed ?? []) images.delete(keyOf(id))
  for (const image of update.images ?? []) images.set(keyOf(image.id), image)
  return {
    ...data,
    ...(update.budget && { budget: update.budget }),
    ...(update.cost && { cost: update.cost }),
    ...(update.faults && { faults: update.faults }),
    images: inOrder([...images.values()]),
  }
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

/** Every word of the text must occur in the name, the prompt, the alternative text or the manifest's path. */
export function matches(image: GalleryImage, filter: GalleryFilter): boolean {
  if (filter.label && labelOf(image.status) !== filter.label) return false
  if (filter.manifest && image.id.manifest !== filter.manifest) return false
  const words = filter.text?.toLowerCase().split(/\s+/).filter(Boolean) ?? []
  if (words.length === 0) return true
  const { id, exportName, prompt, alt = '' } = image
  const text = [id.name, exportName, id.manifest, prompt, alt].join('\n').toLowerCase()
  return words.every(word => text.includes(word))
}

/** How many images each choice would show if the rest of the filter stays as it is. */
export function countChoices(
  images: readonly GalleryImage[],
  filter: GalleryFilter,
): {
  readonly labels: ReadonlyMap<StateLabel, number>
  readonly manifests: ReadonlyMap<string, number>
} {
  const { label: _, ...anyLabel } = filter
  const { manifest: __, ...anyManifest } = filter
  const labels = new Map<StateLabel, number>()
  const manifests = new Map<string, number>()
  for (const image of images) {
    const { manifest } = image.id
    manifests.set(manifest, (manifests.get(manifest) ?? 0) + (matches(image, anyManifest) ? 1 : 0))
    if (!matches(image, anyLabel)) continue
    const label = labelOf(image.status)
    labels.set(label, (labels.get(label) ?? 0) + 1)
  }
  return { labels, manifests }
}

/** The picture's real dimensions, if the request named others. */
export function sizeMismatch(picture: GalleryPicture): string | undefined {
  const asked = /^(\d+)x(\d+)$/.exec(picture.size)
  if (!asked) return undefined
  const same = Number(asked[1]) === picture.width && Number(asked[2]) === picture.height
  return same ? undefined : `${picture.width}x${picture.height}`
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
