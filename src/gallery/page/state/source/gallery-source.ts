import type { ImageId } from '../../../../manifest/image-id.ts'
import {
  GALLERY_DATA_VERSION,
  type GalleryData,
  type GalleryUpdate,
} from '../../../data/gallery-data.ts'
import type { GalleryDetails } from '../../../data/gallery-details.ts'
import { keyOf } from '../gallery-state.ts'

/** `reloading`: Vite loads the page again in a moment. It does so too once a `lost` server is back. */
export type ConnectionState = 'lost' | 'there' | 'reloading'

/** Where the page gets its data, and what it asks. */
export interface GallerySource {
  load(): Promise<GalleryData>
  /** What only the panel of an image shows. */
  details(image: ImageId): Promise<GalleryDetails>
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
  /** Set by `details.js` in a static export: by the key of an image. */
  var imagegenGalleryDetails: Readonly<Record<string, GalleryDetails>> | undefined
  interface DocumentEventMap {
    'imagegen:update': CustomEvent<GalleryUpdate>
    'imagegen:connection': CustomEvent<ConnectionState>
  }
}

/** A static export: its data comes with it as scripts, and there is nobody to ask. */
export function createStaticSource(data: GalleryData): GallerySource {
  let loading: Promise<void> | undefined
  return {
    load: () => Promise.resolve(data),
    async details({ manifest, name }) {
      loading ??= loadScript('./details.js')
      await loading
      return globalThis.imagegenGalleryDetails?.[keyOf({ manifest, name })] ?? { pictures: {} }
    },
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
    details: ({ manifest, name }) =>
      requestJson(`details?${new URLSearchParams({ manifest, name })}`),
    subscribe({ update, connection }) {
      document.addEventListener('imagegen:update', event => update(event.detail))
      document.addEventListener('imagegen:connection', event => connection(event.detail))
    },
    request: requestJson,
  }
}

/** Resolves when it has run. A page that is opened from disk cannot fetch. */
function loadScript(src: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.onload = () => resolve()
    script.onerror = () => reject(new Error(`${src} could not be loaded.`))
    script.src = src
    document.head.append(script)
  })
}

/** The server's own answer, which is as its types say. */
async function requestJson<T>(address: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(`./${address}`, { cache: 'no-store', ...init })
  if (answer.ok) return answer.json()
  const said: { readonly error?: string } = await answer.json().catch(() => ({}))
  throw new Error(said.error ?? `The server answered with status ${answer.status}.`)
}
