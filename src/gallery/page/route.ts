import type { GalleryStateName } from '../data/gallery-data.ts'
import { type GalleryFilter, STATES } from './gallery-state.ts'

/** What the address says: it survives a reload and can be handed on. */
export interface Route extends GalleryFilter {
  /** Key of the image that is open. */
  readonly image?: string
}

/** Reads a location's hash; what it does not know is left out. */
export function parseRoute(hash: string): Route {
  const fields = new URLSearchParams(hash.replace(/^#/, ''))
  const text = fields.get('q')
  const state = STATES.find(name => name === fields.get('state'))
  const manifest = fields.get('manifest')
  const image = fields.get('image')
  return {
    ...(text && { text }),
    ...(state && { state }),
    ...(manifest && { manifest }),
    ...(image && { image }),
  }
}

/** A hash that {@link parseRoute} reads back; `#` alone when there is nothing to say. */
export function formatRoute({ text, state, manifest, image }: Route): string {
  const fields = new URLSearchParams()
  if (text) fields.set('q', text)
  if (state) fields.set('state', state satisfies GalleryStateName)
  if (manifest) fields.set('manifest', manifest)
  if (image) fields.set('image', image)
  return `#${fields.toString()}`
}
