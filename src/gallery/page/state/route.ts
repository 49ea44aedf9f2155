import { FACET_NAMES } from './filter/facets.ts'
import type { GalleryFilter } from './filter/gallery-filter.ts'
import { SORT_ORDERS, type SortOrder } from './filter/sort-images.ts'
import { STATE_LABELS } from './state-words.ts'

/** What the address says: it survives a reload, and can be passed on. */
export interface Route extends GalleryFilter {
  /** Absent: in the order of the manifests. */
  readonly sort?: SortOrder
  /** Key of the image that is open. */
  readonly image?: string
  /** Key of the image that it is compared with. */
  readonly with?: string
}

/** Reads a location's hash, and leaves out what it does not know. */
export function parseRoute(hash: string): Route {
  const fields = new URLSearchParams(hash.replace(/^#/, ''))
  const text = fields.get('q')
  const label = STATE_LABELS.find(name => name === fields.get('state'))
  const sort = sortNamed(fields.get('sort'))
  const image = fields.get('image')
  const other = fields.get('with')
  const facets = FACET_NAMES.flatMap(name => {
    const value = fields.get(name)
    return value ? [[name, value] as const] : []
  })
  return {
    ...(text && { text }),
    ...(label && { label }),
    ...Object.fromEntries(facets),
    ...(sort && { sort }),
    ...(image && { image }),
    ...(image && other && { with: other }),
  }
}

function sortNamed(name: string | null): SortOrder | undefined {
  const known = (value: string): value is SortOrder => Object.hasOwn(SORT_ORDERS, value)
  return name !== null && known(name) ? name : undefined
}

/** A hash that {@link parseRoute} reads back; `#` alone when there is nothing to say. */
export function formatRoute(route: Route): string {
  const fields = new URLSearchParams()
  const set = (name: string, value: string | undefined): void => {
    if (value) fields.set(name, value)
  }
  set('q', route.text)
  set('state', route.label)
  for (const name of FACET_NAMES) set(name, route[name])
  set('sort', route.sort)
  set('image', route.image)
  set('with', route.with)
  return `#${fields.toString()}`
}
