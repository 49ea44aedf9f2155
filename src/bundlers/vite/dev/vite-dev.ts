import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { ErrorPayload, ResolvedConfig, ViteDevServer } from 'vite'
import { createDevImages, type DevImages } from '../../../dev/dev-images.ts'
import {
  type DevEvent,
  type DevImage,
  type DevManifest,
  shapeOf,
} from '../../../dev/images/dev-manifest.ts'
import { createGivenAssets } from '../../../dev/images/given-assets.ts'
import { assetOf } from '../../../dev/images/live-image.ts'
import { renderLiveModule } from '../../../dev/images/render-live-module.ts'
import { clientCodePath } from '../../../dev/serving/client-code.ts'
import { createFileServer } from '../../../dev/serving/file-server.ts'
import { imageKey } from '../../../manifest/image-id.ts'
import type { ImageAsset } from '../../../module/image-asset.ts'
import { createLazy } from '../../../system/lazy.ts'
import { toSlashes } from '../../../system/project-path.ts'
import { shownError, shownText } from '../../../text/shown-text.ts'
import { MODULE_ID, toModuleId } from '../../manifests/manifest-id.ts'
import { refuseRequests } from '../../manifests/refuse-requests.ts'
import type { PluginSession } from '../../plugin-session.ts'
import { toRollupError } from '../../rollup-error.ts'
import { isBundledServer, moveBehindChecks, servedModules } from '../vite-modules.ts'
import { createBundleStamps } from './bundle-stamps.ts'
import { createViteAccess } from './vite-access.ts'
import { createViteClients, type ViteClients } from './vite-clients.ts'
import { createViteGallery, type ViteGallery } from './vite-gallery.ts'

/** What the generated modules import to keep up to date; resolved and loaded by the plugin. */
const CLIENT_ID = 'virtual:imagegen/client'

export const CLIENT_SPECIFIER: RegExp = /virtual:imagegen\/client$/

const RESOLVED_CLIENT_ID = `\0${CLIENT_ID}`

/** As much of Vite's module nodes as is used; Vite 5 has others than its successors. */
interface ModuleNode<Node> {
  readonly id: string | null
  readonly importers: ReadonlySet<Node>
}

/** One development server: pages get drafts at once, and pictures when they are there. */
export interface ViteDev {
  /** Returns what is to be called once Vite's own middlewares are there. */
  serve(server: ViteDevServer): () => void
  resolveClient(source: string): string | undefined
  /** The client's code; undefined for other modules. */
  loadClient(id: string): Promise<string | undefined>
  /** The module of a manifest. Waits for no picture. */
  load(
    file: string,
    /** False: for a server. */
    isForPages: boolean,
    addWatchFile: (file: string) => void,
  ): Promise<string>
  /** Leaves to Vite what is not ours to update; undefined for no opinion. */
  hotUpdate<Node extends ModuleNode<Node>>(modules: readonly Node[]): Node[] | undefined
  /** A bundle of a server that bundles its pages begins, or is there. */
  bundling(isUnderWay: boolean): void
  /** Ends what would come later; true while something is still being bought. */
  close(): boolean
}

export function createViteDev(session: PluginSession, config: ResolvedConfig): ViteDev {
  const { logger, base } = config
  const location = { base, origin: config.server.origin ?? '' }
  const files = createFileServer(location, error => logger.error(prefixed(error.message)))
  let server: ViteDevServer | undefined
  let images: DevImages | undefined
  let gallery: ViteGallery | undefined
  let clients: ViteClients | undefined
  const given = createGivenAssets()
  const isBundled = isBundledServer(config)
  let isBundling = false
  const stamps = createBundleStamps(path.join(config.cacheDir, 'imagegen'), error =>
    logger.warn(
      prefixed(
        `Code that reads an image's URL keeps the draft's until a restart: ${error.message}`,
      ),
    ),
  )
  const access = createViteAccess({
    config,
    images: () => images,
    warn: message => logger.warn(prefixed(message)),
  })

  const open = createLazy(async () => {
    const pipeline = await session.pipeline()
    images = createDevImages(pipeline)
    images.on(follow)
    pipeline.on(() => {
      for (const warning of session.takeWarnings()) logger.warn(prefixed(warning))
    })
    return images
  })

  function toAsset({ live, planned }: DevImage): ImageAsset {
    const asset = assetOf(live, (file, { output }, isSrc) =>
      files.add(file, isSrc ? output.file : undefined),
    )
    given.add(imageKey(planned.id), asset)
    return asset
  }

  function toUpdate(image: DevImage) {
    const { planned, version } = image
    return { id: imageKey(planned.id), version, asset: toAsset(image) }
  }

  function follow(event: DevEvent): void {
    switch (event.type) {
      case 'shown':
        for (const module of modulesOf(event.manifest)) module.invalidate()
        server?.ws.send('imagegen:update', { images: event.images.map(toUpdate) })
        stamps.renew(event.manifest.file)
        return
      case 'reshaped':
        for (const module of modulesOf(event.manifest)) {
          module.reload().catch((error: Error) => logger.error(prefixed(error.message)))
        }
        return
      case 'fault':
        logger.error(prefixed(event.error.message))
        clients?.send(errorPayload(event.error, event.file))
        return
      case 'mended':
        server?.ws.send('imagegen:mended', {})
        return
      case 'warning':
        logger.warn(prefixed(event.message))
        return
      case 'removed':
      case 'status':
        return
    }
  }

  function modulesOf({ file }: DevManifest) {
    return server ? servedModules(server, toModuleId(toSlashes(file))) : []
  }

  /**
   * A page says which versions its code knows: tells it what it missed. Where a server has rendered
   * the page, its HTML may be older than its code, so what was there before is told as well.
   */
  function greet(versions: unknown, send: (event: string, data: object) => void): void {
    const known = new Map(Object.entries(versions ?? {}))
    const news = (images?.manifests() ?? [])
      .flatMap(manifest => manifest.images)
      .filter(({ planned }) => known.has(imageKey(planned.id)))
      .map(image => {
        const update = toUpdate(image)
        return { ...update, former: given.before(update.id, update.asset) }
      })
      .filter(({ id, version, former }) => known.get(id) !== version || former.length > 0)
    if (news.length > 0) send('imagegen:update', { images: news })
  }

  return {
    serve(created) {
      server = created
      const onError = (error: Error): void =>
        logger.error(prefixed(error.message), { error: shownError(error) })
      const { own, maySee } = access
      const connected = createViteClients(created, { own, maySee })
      clients = connected
      const { isTrusted } = connected
      gallery = createViteGallery({ config, server: created, files, own, isTrusted, open, onError })
      created.middlewares.use(access.middleware)
      created.middlewares.use(
        refuseRequests({
          async isOther(pathname) {
            const file = session.locate(path.join(config.publicDir, belowBase(pathname, base)))
            return existsSync(file) && !(await session.selects(file))
          },
          onRefusal: error => logger.error(prefixed(error.message)),
        }),
      )
      created.middlewares.use(files.middleware)
      created.middlewares.use(gallery.middleware)
      created.watcher.on('all', (event, file) => {
        images?.changed(path.normalize(file))
        gallery?.changed(event, file)
      })
      created.ws.on('imagegen:hello', (versions, client) => {
        greet(versions, (event, data) => client.send(event, data))
        if (!isTrusted(client)) return
        for (const [file, error] of images?.faults() ?? []) client.send(errorPayload(error, file))
      })
      // A page that waits for the bundle is told of it once, which it misses when it connects later.
      created.ws.on('vite:client:connect', (_data, client) => {
        if (isBundled && !isBundling) client.send({ type: 'full-reload', ifFallback: true })
      })
      const ours: ReadonlySet<unknown> = new Set([files.middleware, gallery.middleware])
      return () => moveBehindChecks(created, handle => ours.has(handle))
    },
    resolveClient: source => (source === CLIENT_ID ? RESOLVED_CLIENT_ID : undefined),
    async loadClient(id) {
      if (id !== RESOLVED_CLIENT_ID) return undefined
      const code = await readFile(clientCodePath(), 'utf8')
      return `${code}\nif (import.meta.hot) connect(import.meta.hot)\n`
    },
    async load(file, isForPages, addWatchFile) {
      addWatchFile(file)
      const known = await open()
      const isWanted = access.mayStart(file, known, isForPages && !isBundled)
      const manifest = await (isWanted ? known.open(file) : known.read(file))
      for (const watched of manifest.watchFiles) addWatchFile(watched)
      const stamp = isBundled ? await stamps.prepare(manifest.file) : undefined
      if (stamp !== undefined) addWatchFile(stamp)
      return renderLiveModule(manifest, {
        assetOf: toAsset,
        ...(isBundled && { footer: acceptUnlessReshaped(manifest) }),
        ...(isForPages && {
          live: { client: CLIENT_ID, versionOf: ({ version }) => version },
        }),
      })
    },
    hotUpdate(modules) {
      const isLive = ({ id }: { readonly id: string | null }): boolean => {
        if (id === null || !MODULE_ID.test(id)) return false
        return images?.manifests().some(({ file }) => toModuleId(toSlashes(file)) === id) ?? false
      }
      // What a manifest watches, such as a reference, is a node of its own that our module imports.
      const isOurs = (node: (typeof modules)[number]): boolean =>
        isLive(node) || (node.importers.size > 0 && [...node.importers].every(isLive))
      return modules.some(isOurs) ? modules.filter(node => !isOurs(node)) : undefined
    },
    bundling(isUnderWay) {
      isBundling = isUnderWay
    },
    close() {
      gallery?.close()
      images?.close()
      return images?.generations.busy ?? false
    },
  }
}

/**
 * In a bundled page the module runs again when it was made anew, and its objects are still the same;
 * only what imports other names than before has to be loaded again.
 */
function acceptUnlessReshaped(manifest: DevManifest): string {
  const shape = JSON.stringify(shapeOf(manifest)).replaceAll('<', '\\u003C')
  return `if (import.meta.hot) {
  const shape = ${shape}
  if ((import.meta.hot.data.shape ??= shape) !== shape) import.meta.hot.invalidate()
  import.meta.hot.accept()
}`
}

function errorPayload(error: Error, file: string): ErrorPayload {
  const { message, id, loc, frame } = toRollupError(error, file)
  return {
    type: 'error',
    err: {
      message,
      stack: '',
      id,
      plugin: 'unplugin-imagegen',
      ...(frame !== undefined && { frame }),
      // An overlay shows and opens it as it is, while Rollup counts columns from 0.
      ...(loc && { loc: { ...loc, column: loc.column + 1 } }),
    },
  }
}

function belowBase(pathname: string, base: string): string {
  return pathname.startsWith(base) ? pathname.slice(base.length) : pathname
}

function prefixed(message: string): string {
  return `[unplugin-imagegen] ${shownText(message)}`
}
