import path from 'node:path'
import type { ResolvedConfig, ViteDevServer } from 'vite'
import type { DevImages } from '../../../dev/dev-images.ts'
import type { DevEvent } from '../../../dev/images/dev-manifest.ts'
import type { GivenAssets } from '../../../dev/images/given-assets.ts'
import { createFileServer, type FileServer } from '../../../dev/serving/file-server.ts'
import { createLazy } from '../../../system/lazy.ts'
import { shownText } from '../../../text/shown-text.ts'
import type { PluginSession } from '../../session/plugin-session.ts'
import { isBundledServer } from '../vite-modules.ts'
import { type BundleStamps, createBundleStamps } from './bundle-stamps.ts'
import type { SharedDev, SharedImages } from './shared-dev.ts'
import { createUrlUsers, type UrlUsers } from './url-users.ts'
import { createViteAccess, type ViteAccess } from './vite-access.ts'
import type { ViteClients } from './vite-clients.ts'
import type { ViteGallery } from './vite-gallery.ts'

/** Everything that one development server holds; its parts are functions of it. */
export interface DevServer {
  readonly session: PluginSession
  readonly config: ResolvedConfig
  readonly files: FileServer
  /** The assets that pages were given. */
  readonly given: GivenAssets
  /** The modules that name pictures by URL. */
  readonly users: UrlUsers
  readonly stamps: BundleStamps
  readonly access: ViteAccess
  readonly isBundled: boolean
  /** A bundle of the pages is under way. */
  isBundling: boolean
  /** Once Vite has made it. */
  server: ViteDevServer | undefined
  clients: ViteClients | undefined
  gallery: ViteGallery | undefined
  /** Once a manifest was asked for. */
  images: DevImages | undefined
  /** {@link images} as other servers of the plugin instance have them too. */
  shared: SharedImages | undefined
  /** Opens {@link images} at the first need. */
  open(): Promise<DevImages>
}

export interface DevServerDeps {
  readonly session: PluginSession
  readonly config: ResolvedConfig
  readonly share: SharedDev
}

/** @param follow called with every event of the images */
export function createDevServer(
  { session, config, share }: DevServerDeps,
  follow: (dev: DevServer, event: DevEvent) => void,
): DevServer {
  const { logger, base, server } = config
  const warn = (message: string): void => logger.warn(prefixed(message))
  const location = { base, origin: server.origin ?? '' }
  const dev: DevServer = {
    session,
    config,
    files: createFileServer(location, error => logger.error(prefixed(error.message)), share.files),
    given: share.given,
    users: createUrlUsers(),
    stamps: createBundleStamps(path.join(config.cacheDir, 'imagegen'), error =>
      warn(`Code that reads an image's URL keeps the draft's until a restart: ${error.message}`),
    ),
    access: createViteAccess({ config, images: () => dev.images, warn }),
    isBundled: isBundledServer(config),
    isBundling: false,
    server: undefined,
    clients: undefined,
    gallery: undefined,
    images: undefined,
    shared: undefined,
    open: createLazy(async () => {
      const pipeline = await session.pipeline()
      dev.shared = share.join(pipeline, event => follow(dev, event))
      const { images } = dev.shared
      dev.images = images
      pipeline.on(() => {
        session.takeWarnings().forEach(warn)
        const cost = session.takeCost()
        if (cost !== undefined) logger.info(prefixed(cost))
      })
      return images
    }),
  }
  return dev
}

/** A line of ours in Vite's log. */
export function prefixed(message: string): string {
  return `[unplugin-imagegen] ${shownText(message)}`
}
