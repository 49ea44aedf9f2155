import { existsSync } from 'node:fs'
import path from 'node:path'
import type { ViteDevServer } from 'vite'
import { shownError, shownText } from '../../../text/shown-text.ts'
import { refuseRequests } from '../../manifests/refuse-requests.ts'
import { type RedirectOptions, redirectPictures } from '../../urls/redirect-pictures.ts'
import { moveBehindChecks } from '../vite-modules.ts'
import { type DevServer, prefixed } from './dev-server.ts'
import { announceGallery } from './gallery-address.ts'
import { errorPayload, greetPage } from './page-updates.ts'
import { createViteClients, type ViteClients } from './vite-clients.ts'
import { createViteGallery, type ViteGallery } from './vite-gallery.ts'

/**
 * Takes requests, connections and changes of files of a server.
 * @returns the function to call once Vite's own middlewares are there
 */
export function serve(
  dev: DevServer,
  server: ViteDevServer,
  urlOf: RedirectOptions['urlOf'],
): () => void {
  const clients = createViteClients(server, dev.access)
  const gallery = openGallery(dev, server, clients)
  Object.assign(dev, { server, clients, gallery })
  const { files, access } = dev
  const log = (line: string): void => dev.config.logger.info(shownText(line))
  const redirect = redirectToPictures(dev, urlOf)
  server.middlewares.use(access.middleware)
  server.middlewares.use(announceGallery({ server, own: access.own, log }))
  server.middlewares.use(redirect)
  server.middlewares.use(refuseOtherManifests(dev))
  server.middlewares.use(files.middleware)
  server.middlewares.use(gallery.middleware)
  server.watcher.on('all', (event, file) => {
    dev.images?.changed(path.normalize(file))
    gallery.changed(event, file)
  })
  greetClients(dev, server, clients)
  const ours: ReadonlySet<unknown> = new Set([files.middleware, gallery.middleware])
  return () => moveBehindChecks(server, handle => ours.has(handle))
}

function openGallery(
  { config, files, access, open }: DevServer,
  server: ViteDevServer,
  { isTrusted }: ViteClients,
): ViteGallery {
  const onError = (error: Error): void =>
    config.logger.error(prefixed(error.message), { error: shownError(error) })
  return createViteGallery({ config, server, files, own: access.own, isTrusted, open, onError })
}

function redirectToPictures({ session, config }: DevServer, urlOf: RedirectOptions['urlOf']) {
  const { base, root, logger } = config
  return redirectPictures({
    async manifestOf(pathname) {
      const file = session.locate(path.join(root, belowBase(pathname, base)))
      return (await session.selects(file)) && existsSync(file) ? file : undefined
    },
    urlOf,
    onError: error => logger.error(prefixed(error.message), { error: shownError(error) }),
  })
}

/** Manifests in the public folder that no module stands for. */
function refuseOtherManifests({ session, config }: DevServer) {
  const { base, publicDir, logger } = config
  return refuseRequests({
    async isOther(pathname) {
      const file = session.locate(path.join(publicDir, belowBase(pathname, base)))
      const isOurs = (await session.selects(file)) || (await session.adopts(file))
      return existsSync(file) && !isOurs
    },
    onRefusal: error => logger.error(prefixed(error.message)),
  })
}

function greetClients(dev: DevServer, { ws }: ViteDevServer, { isTrusted }: ViteClients): void {
  ws.on('imagegen:hello', (versions, client) => {
    greetPage(dev, versions, (event, data) => client.send(event, data))
    if (!isTrusted(client)) return
    for (const [file, error] of dev.images?.faults() ?? []) client.send(errorPayload(error, file))
  })
  // Vite announces a bundle once to the pages that wait for it; one that connects later misses that.
  ws.on('vite:client:connect', (_data, client) => {
    if (dev.isBundled && !dev.isBundling) client.send({ type: 'full-reload', ifFallback: true })
  })
}

function belowBase(pathname: string, base: string): string {
  return pathname.startsWith(base) ? pathname.slice(base.length) : pathname
}
