import {
  GALLERY_DATA_VERSION,
  type GalleryData,
  type GalleryUpdate,
} from '../../data/gallery-data.ts'
import type { GalleryUsage } from '../../data/gallery-exchanges.ts'
import { type SendAction, sendAction } from './send-action.ts'

export type ConnectionState = 'lost' | 'there'

/** Where the page gets its data, and where it sends actions. */
export interface GallerySource {
  load(): Promise<GalleryData>
  subscribe(listener: GalleryListener): void
  /** Which modules use which images. Rejects where that is not known. */
  usage(): Promise<GalleryUsage>
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
    usage: refuse,
    act: refuse,
  }
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('This is an export; nothing can be done from here.'))
}

/** The page of a development server. `live.js` passes on what Vite's connection brings. */
export function createLiveSource(): GallerySource {
  return {
    async load() {
      const data: GalleryData = await readJson('./data.json')
      if (data.version !== GALLERY_DATA_VERSION) {
        throw new Error('The server speaks another version of the gallery. Reload this page.')
      }
      return data
    },
    subscribe({ update, connection }) {
      document.addEventListener('imagegen:update', event => update(event.detail))
      document.addEventListener('imagegen:connection', event => connection(event.detail))
    },
    usage: () => readJson('./usage'),
    act: sendAction,
  }
}

/** The server's own answer, which is as its types say. */
async function readJson<T>(url: string): Promise<T> {
  const answer = await fetch(url, { cache: 'no-store' })
  if (!answer.ok) throw new Error(`The server answered with status ${answer.status}.`)
  return answer.json()
}
