import { readFile } from 'node:fs/promises'
import type { ViteDevServer } from 'vite'
import { type DevImage, type DevManifest, shapeOf } from '../../../dev/images/dev-manifest.ts'
import { renderLiveModule } from '../../../dev/images/render-live-module.ts'
import { clientCodePath } from '../../../dev/serving/client-code.ts'
import { imageKey } from '../../../manifest/image-id.ts'
import { renderLiteral } from '../../../module/module-code.ts'
import { toSlashes } from '../../../system/project-path.ts'
import { MODULE_ID, stripQuery, URL_ID } from '../../manifests/manifest-id.ts'
import { findQueriedImage, pickUrl } from '../../urls/pick-url.ts'
import type { PictureQuery, QueryFault } from '../../urls/picture-query.ts'
import { CLIENT_ID, RESOLVED_CLIENT_ID, VITE_CLIENT_ID } from './client-id.ts'
import { createDevServer, type DevServer, type DevServerDeps } from './dev-server.ts'
import { followEvent, toAsset } from './page-updates.ts'
import { serve } from './serve.ts'
import type { UrlUser } from './url-users.ts'

/** As much of Vite's module nodes as is used; Vite 5 has others than its successors. */
interface ModuleNode<Node> {
  readonly id: string | null
  readonly importers: ReadonlySet<Node>
}

/** One development server: pages get drafts at once, and pictures when they are there. */
export interface ViteDev {
  /** Returns the function to call once Vite's own middlewares are there. */
  serve(server: ViteDevServer): () => void
  resolveClient(source: string): string | undefined
  /**
   * The client's code, and that of Vite's own client with an import of ours: pages whose manifests
   * only the server imports need it too. Undefined for other modules.
   */
  loadClient(id: string): Promise<string | undefined>
  /** The module of a manifest. Waits for no picture. */
  load(
    file: string,
    /** False: for a server. */
    isForPages: boolean,
    addWatchFile: (file: string) => void,
  ): Promise<string>
  /**
   * The URL of a picture that something names by a query.
   * @param user is made anew when there is another picture; undefined for a page
   */
  urlOf(file: string, query: PictureQuery, user: UrlUser | undefined): Promise<string | QueryFault>
  /** A script that keeps a picture up to date in a page whose markup names it. */
  followScript(file: string, query: PictureQuery): Promise<string | undefined>
  /** The modules that are left to Vite; undefined when none of ours is among them. */
  hotUpdate<Node extends ModuleNode<Node>>(modules: readonly Node[]): Node[] | undefined
  /** A bundle of a server that bundles its pages begins, or is there. */
  bundling(isUnderWay: boolean): void
  /** Ends everything that would come later; true while images are being generated. */
  close(): boolean
}

export function createViteDev(deps: DevServerDeps): ViteDev {
  const dev = createDevServer(deps, followEvent)
  return {
    serve: server => serve(dev, server, (file, query) => findUrl(dev, file, query)),
    resolveClient: source => (source === CLIENT_ID ? RESOLVED_CLIENT_ID : undefined),
    async loadClient(id) {
      if (VITE_CLIENT_ID.test(id)) {
        // Ours needs exports of Vite's, which are not there while it is imported statically.
        return `${await readFile(stripQuery(id), 'utf8')}\nimport(${JSON.stringify(CLIENT_ID)})\n`
      }
      if (id !== RESOLVED_CLIENT_ID) return undefined
      const code = await readFile(clientCodePath(), 'utf8')
      return `${code}\nif (import.meta.hot) connect(import.meta.hot)\n`
    },
    load: (file, isForPages, addWatchFile) => loadModule(dev, { file, isForPages, addWatchFile }),
    urlOf: (file, query, user) => findUrl(dev, file, query, user),
    async followScript(file, query) {
      const found = await openPicture(dev, file, query)
      return 'message' in found ? undefined : renderFollowing(dev, found)
    },
    hotUpdate: modules => withoutOurs(dev, modules),
    bundling(isUnderWay) {
      dev.isBundling = isUnderWay
    },
    close() {
      dev.gallery?.close()
      dev.shared?.leave()
      return dev.images?.generations.busy ?? false
    },
  }
}

interface LoadRequest {
  readonly file: string
  readonly isForPages: boolean
  addWatchFile(file: string): void
}

async function loadModule(
  dev: DevServer,
  { file, isForPages, addWatchFile }: LoadRequest,
): Promise<string> {
  const { access, isBundled, stamps } = dev
  addWatchFile(file)
  const images = await dev.open()
  const isWanted = access.mayStart(file, images, isForPages && !isBundled)
  const manifest = await (isWanted ? images.open(file) : images.read(file))
  for (const watched of manifest.watchFiles) addWatchFile(watched)
  const stamp = isBundled ? await stamps.prepare(manifest.file) : undefined
  if (stamp !== undefined) addWatchFile(stamp)
  return renderLiveModule(manifest, {
    assetOf: image => toAsset(dev, image),
    ...(isBundled && { footer: acceptUnlessReshaped(manifest) }),
    ...(isForPages && {
      live: { client: CLIENT_ID, versionOf: ({ version }) => version },
    }),
  })
}

/** An image that something names by a query, as pages show it now. */
async function openPicture(
  { access, open }: DevServer,
  file: string,
  query: PictureQuery,
): Promise<DevImage | QueryFault> {
  const images = await open()
  const isWanted = access.mayStart(file, images, false)
  const { manifest, images: known } = await (isWanted ? images.open(file) : images.read(file))
  const found = findQueriedImage(manifest, query)
  if ('message' in found) return found
  const image = known.find(({ planned }) => planned.id.name === query.image)
  return image ?? { message: `${manifest.path} has no image "${query.image}".` }
}

/** @param user the module that names it, if one does */
async function findUrl(
  dev: DevServer,
  file: string,
  query: PictureQuery,
  user?: UrlUser,
): Promise<string | QueryFault> {
  const found = await openPicture(dev, file, query)
  if ('message' in found) return found
  if (user) dev.users.note(found.planned.id, user)
  return pickUrl(toAsset(dev, found), query)
}

function renderFollowing(dev: DevServer, image: DevImage): string {
  const given = [imageKey(image.planned.id), image.version, toAsset(dev, image)]
  return `import { live } from ${renderLiteral(CLIENT_ID)}
live(${given.map(renderLiteral).join(', ')})`
}

/** The modules that Vite is to update; undefined when all of them are. */
function withoutOurs<Node extends ModuleNode<Node>>(
  { images }: DevServer,
  modules: readonly Node[],
): Node[] | undefined {
  const isLive = ({ id }: { readonly id: string | null }): boolean => {
    if (id === null || !(MODULE_ID.test(id) || URL_ID.test(id))) return false
    const manifest = stripQuery(id)
    return images?.manifests().some(({ file }) => toSlashes(file) === manifest) ?? false
  }
  // A file that a manifest watches, such as a reference, has its own node, which our module imports.
  const isOurs = (node: Node): boolean =>
    isLive(node) || (node.importers.size > 0 && [...node.importers].every(isLive))
  return modules.some(isOurs) ? modules.filter(node => !isOurs(node)) : undefined
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
