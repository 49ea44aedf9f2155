import type { GalleryImage } from '../../../data/gallery-data.ts'
import { labelOf, type StateLabel } from '../state-words.ts'
import { FACET_NAMES, FACETS, type Facet, type FacetName, type FilterContext } from './facets.ts'

/** Which images are shown. Each field narrows them down. */
export type GalleryFilter = {
  readonly text?: string
  readonly label?: StateLabel
} & { readonly [Name in FacetName]?: string }

const NOTHING_KNOWN: FilterContext = {}

/** Every word of the text must occur in the name, the prompt, the alternative text or the manifest's path. */
export function matches(
  image: GalleryImage,
  filter: GalleryFilter,
  context: FilterContext = NOTHING_KNOWN,
): boolean {
  if (filter.label && labelOf(image.status) !== filter.label) return false
  const fits = (name: FacetName): boolean =>
    filter[name] === undefined || readFacet(name, image, context) === filter[name]
  return FACET_NAMES.every(fits) && holdsWords(image, filter.text)
}

function holdsWords(image: GalleryImage, wanted: string | undefined): boolean {
  const words = wanted?.toLowerCase().split(/\s+/).filter(Boolean) ?? []
  if (words.length === 0) return true
  const { id, exportName, prompt, alt = '', source = '' } = image
  const text = [id.name, exportName, id.manifest, prompt, alt, source].join('\n').toLowerCase()
  return words.every(word => text.includes(word))
}

function readFacet(
  name: FacetName,
  image: GalleryImage,
  context: FilterContext,
): string | undefined {
  const facet: Facet = FACETS[name]
  return facet.read(image, context)
}

/** How many images each state would show if the rest of the filter stays as it is. */
export function countLabels(
  images: readonly GalleryImage[],
  filter: GalleryFilter,
  context?: FilterContext,
): ReadonlyMap<StateLabel, number> {
  const { label: _, ...rest } = filter
  const counts = new Map<StateLabel, number>()
  for (const image of images) {
    if (!matches(image, rest, context)) continue
    const label = labelOf(image.status)
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return counts
}

/** The same of a facet's choices, those included that would show nothing. */
export function countFacet(
  name: FacetName,
  images: readonly GalleryImage[],
  filter: GalleryFilter,
  context: FilterContext = NOTHING_KNOWN,
): ReadonlyMap<string, number> {
  const { [name]: _, ...rest } = filter
  const counts = new Map<string, number>()
  for (const image of images) {
    const value = readFacet(name, image, context)
    if (value === undefined) continue
    counts.set(value, (counts.get(value) ?? 0) + (matches(image, rest, context) ? 1 : 0))
  }
  return inOrderOf(FACETS[name], counts)
}

function inOrderOf(
  { order, describe }: Facet,
  counts: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const entries = [...counts].toSorted(([a], [b]) =>
    order
      ? order.indexOf(a) - order.indexOf(b)
      : describe(a).localeCompare(describe(b), 'en', { numeric: true }),
  )
  return new Map(entries)
}
