import {
  GALLERY_DATA_VERSION,
  type GalleryData,
  type GalleryUpdate,
} from '../../data/gallery-data.ts'
import { type SendAction, sendAction } from './send-action.ts'

export type ConnectionState = 'lost' | 'there'

/** Where the page gets its data, and where it sends actions. */
export interface GallerySource {
  load(): Promise<GalleryData>
  subscribe(listener: GalleryListener): void
  readonly act: SendAction
}

export interface GalleryListener {
  update(update: GalleryUpdate): void
  connection(connection: ConnectionState): void
}

declare global {
  /** Set by `data.js` in a static export. */
  var imagegenGalleryData: GalleryData | undefined
  interface DocumentEventMap {
    'imagegen:update': CustomEvent<GalleryUpdate>
    'imagegen:connection': CustomEvent<ConnectionState>
  }
}

/** A static export: its data comes with it as a script, and it has no actions. */
export function createStaticSource(data: GalleryData): GallerySource {
  return {
    load: () => Promise.resolve(data),
    subscribe() {},
    act: () => Promise.reject(new Error('This is an export; nothing can be done from here.')),
  }
}

/** The page of a development server. `live.js` passes on what Vite's connection brings. */
export function createLiveSource(): GallerySource {
  return {
    async load() {
      const answer = await fetch('./data.json', { cache: 'no-store' })
      if (!answer.ok) throw new Error(`The server answered with status ${answer.status}.`)
      const data: GalleryData = await answer.json()
      if (data.version !== GALLERY_DATA_VERSION) {
        throw new Error('The server speaks another version of the gallery. Reload this page.')
      }
      return data
    },
    subscribe({ update, connection }) {
      document.addEventListener('imagegen:update', event => update(event.detail))
      document.addEventListener('imagegen:connection', event => connection(event.detail))
    },
    act: sendAction,
  }
}
