import type { GalleryFilter } from './gallery-state.ts'
import { STATE_LABELS } from './state-words.ts'

/** What the address says: it survives a reload, and can be passed on. */
export interface Route extends GalleryFilter {
  /** Key of the image that is open. */
  readonly image?: string
}

/** Reads a location's hash, and leaves out what it does not know. */
export function parseRoute(hash: string): Route {
  const fields = new URLSearchParams(hash.replace(/^#/, ''))
  const text = fields.get('q')
  const label = STATE_LABELS.find(name => name === fields.get('state'))
  const manifest = fields.get('manifest')
  const image = fields.get('image')
  return {
    ...(text && { text }),
    ...(label && { label }),
    ...(manifest && { manifest }),
    ...(image && { image }),
  }
}

/** A hash that {@link parseRoute} reads back; `#` alone when there is nothing to say. */
export function formatRoute({ text, label, manifest, image }: Route): string {
  const fields = new URLSearchParams()
  if (text) fields.set('q', text)
  if (label) fields.set('state', label)
  if (manifest) fields.set('manifest', manifest)
  if (image) fields.set('image', image)
  return `#${fields.toString()}`
}
