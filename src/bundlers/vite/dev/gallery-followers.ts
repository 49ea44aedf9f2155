import type { ViteDevServer, WebSocketClient } from 'vite'
import type { GalleryUpdate } from '../../../gallery/data/gallery-data.ts'

/** The open pages of the gallery. */
export interface GalleryFollowers {
  tell(update: GalleryUpdate): void
}

/** Finds the connections of the gallery's own page: nobody else knows the token. */
export function createGalleryFollowers(
  { ws }: ViteDevServer,
  token: string,
  isTrusted: (client: WebSocketClient) => boolean,
): GalleryFollowers {
  const followers = new WeakSet<WebSocketClient>()
  ws.on('imagegen:follow', (given, client) => {
    if (given === token && isTrusted(client)) followers.add(client)
  })
  return {
    tell(update) {
      for (const client of ws.clients) {
        if (followers.has(client)) client.send('imagegen:gallery', update)
      }
    },
  }
}
