import {
  GALLERY_DATA_VERSION,
  type GalleryData,
  type GalleryUpdate,
} from '../../../data/gallery-data.ts'

export type ConnectionState = 'lost' | 'there'

/** Where the page gets its data, and what it asks. */
export interface GallerySource {
  load(): Promise<GalleryData>
  subscribe(listener: GalleryListener): void
  /**
   * The server's answer as JSON. Rejects with the server's words if it refuses.
   * @param address relative to the page
   */
  request<T>(address: string, init?: RequestInit): Promise<T>
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

/** A static export: its data comes with it as a script, and there is nobody to ask. */
export function createStaticSource(data: GalleryData): GallerySource {
  return {
    load: () => Promise.resolve(data),
    subscribe() {},
    request: () => Promise.reject(new Error('This is an export; nothing can be done from here.')),
  }
}

/** The page of a development server. `live.js` passes on what Vite's connection brings. */
export function createLiveSource(): GallerySource {
  return {
    async load() {
      const data = await requestJson<GalleryData>('data.json')
      if (data.version !== GALLERY_DATA_VERSION) {
        throw new Error('The server speaks another version of the gallery. Reload this page.')
      }
      return data
    },
    subscribe({ update, connection }) {
      document.addEventListener('imagegen:update', event => update(event.detail))
      document.addEventListener('imagegen:connection', event => connection(event.detail))
    },
    request: requestJson,
  }
}

/** The server's own answer, which is as its types say. */
async function requestJson<T>(address: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(`./${address}`, { cache: 'no-store', ...init })
  if (answer.ok) return answer.json()
  const said: { readonly error?: string } = await answer.json().catch(() => ({}))
  throw new Error(said.error ?? `The server answered with status ${answer.status}.`)
}
