import type { Connect, ViteDevServer } from 'vite'
import { hostOfRequest, identifyRequester, type OwnNames } from '../../../dev/serving/requester.ts'

export interface GalleryAddress {
  readonly server: ViteDevServer
  readonly own: OwnNames
  /** Logs a line as it is. */
  log(line: string): void
}

/**
 * Says where the gallery is, below the server's own addresses. A framework that serves Vite's
 * middlewares prints addresses of its own: there the first request of its pages tells the host.
 * @returns the middleware that waits for that request
 */
export function announceGallery({ server, own, log }: GalleryAddress): Connect.NextHandleFunction {
  const { base } = server.config
  let isTold = false
  const tell = (origin: string): void => {
    isTold = true
    log(`  ➜  Gallery: ${origin}${base}__imagegen/`)
  }
  const printUrls = server.printUrls
  server.printUrls = () => {
    printUrls()
    const [local] = server.resolvedUrls?.local ?? []
    if (local !== undefined) tell(new URL(local).origin)
  }
  return (request, _response, next) => {
    const host = hostOfRequest(request.headers)
    if (!isTold && host !== undefined) {
      const { isLocal, isOwnPage } = identifyRequester(request, own)
      const scheme = 'encrypted' in request.socket ? 'https' : 'http'
      if (isLocal && isOwnPage) tell(`${scheme}://${host}`)
    }
    next()
  }
}
