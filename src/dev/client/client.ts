import { createLiveImages, type LiveImages, type LiveUpdate } from './live.ts'

/** The part of Vite's `import.meta.hot` that is used. */
export interface Hot {
  on(event: string, listener: (data: never) => void): void
  send(event: string, data: unknown): void
}

const SHARED: unique symbol = Symbol.for('unplugin-imagegen.live')

/** One for the whole page: code that a hot update runs again must find the earlier objects. */
const shared = globalThis as typeof globalThis & { [SHARED]?: LiveImages }
const images: LiveImages = shared[SHARED] ?? createLiveImages()
shared[SHARED] = images

let tellSoon: (() => void) | undefined

/** The object that a module exports for an image. */
export const live: LiveImages['live'] = (id, version, asset) => {
  tellSoon?.()
  return images.live(id, version, asset)
}

/** Listens to Vite's connection. */
export function connect(hot: Hot): void {
  let isOurs = false
  hot.on('imagegen:update', ({ images: updates }: { images: readonly LiveUpdate[] }) =>
    images.receive(updates),
  )
  hot.on('vite:error', ({ err }: { err: { plugin?: string } }) => {
    isOurs = err.plugin === 'unplugin-imagegen'
  })
  hot.on('imagegen:mended', () => {
    if (!isOurs) return
    for (const overlay of document.querySelectorAll('vite-error-overlay')) overlay.remove()
  })
  // The page missed what happened between its loading and its connection.
  let timer: ReturnType<typeof setTimeout> | undefined
  tellSoon = () => {
    clearTimeout(timer)
    timer = setTimeout(() => hot.send('imagegen:hello', images.versions()), 20)
  }
  hot.on('vite:ws:connect', tellSoon)
  tellSoon()
}
