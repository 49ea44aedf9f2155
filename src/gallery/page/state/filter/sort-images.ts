import type { GalleryImage } from '../../../data/gallery-data.ts'
import { frameOf } from '../gallery-state.ts'
import { labelOf, STATE_LABELS } from '../state-words.ts'

/** How the grid is ordered, and in what words. */
export const SORT_ORDERS = {
  manifest: 'By manifest',
  name: 'By name',
  state: 'By state',
  newest: 'Newest first',
  cost: 'Costliest first',
  pixels: 'Largest first',
  bytes: 'Heaviest first',
} as const

export type SortOrder = keyof typeof SORT_ORDERS

/** What images are compared by; the greater one comes first. */
const GREATEST: Readonly<
  Record<Exclude<SortOrder, 'manifest' | 'name'>, (image: GalleryImage) => number>
> = {
  state: ({ status }) => -STATE_LABELS.indexOf(labelOf(status)),
  newest: ({ picture }) => (picture ? Date.parse(picture.createdAt) : 0),
  cost: ({ picture, price }) => (picture?.cost ?? price)?.amount ?? -1,
  pixels: image => frameOf(image).width * frameOf(image).height,
  bytes: ({ picture }) => picture?.bytes ?? -1,
}

/** Images that are alike stay in the order of their manifests. */
export function sortImages(
  images: readonly GalleryImage[],
  order: SortOrder,
): readonly GalleryImage[] {
  if (order === 'manifest') return images
  if (order === 'name') {
    const { compare } = new Intl.Collator('en', { numeric: true })
    return images.toSorted((a, b) => compare(a.id.name, b.id.name))
  }
  const rank = GREATEST[order]
  return images.toSorted((a, b) => rank(b) - rank(a))
}
