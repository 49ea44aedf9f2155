import { AsyncLocalStorage } from 'node:async_hooks'
import path from 'node:path'
import type { Connect, ResolvedConfig } from 'vite'
import type { DevImages } from '../../../dev/dev-images.ts'
import { identifyRequester, type OwnNames, type Requester } from '../../../dev/serving/requester.ts'
import { MANIFEST_ID, stripQuery } from '../../manifests/manifest-id.ts'

/** Decides which requests to a Vite server may lead to something that costs. */
export interface ViteAccess {
  /** Names that the server's configuration gives to the project. */
  readonly own: OwnNames
  readonly middleware: Connect.NextHandleFunction
  /** Whether a requester may see manifests' texts. None may before anything was loaded. */
  maySee(requester: Requester): boolean
  /**
   * Whether the manifest that is being loaded is wanted by whoever caused that. If not, a later
   * request of the project's own pages may still want it.
   * @param isPageModule pages request the module itself, so that nobody else needs to be believed
   */
  mayStart(file: string, images: DevImages, isPageModule: boolean): boolean
}

export interface ViteAccessOptions {
  readonly config: ResolvedConfig
  /** Set once something was loaded. */
  images(): DevImages | undefined
  warn(message: string): void
}

export function createViteAccess({ config, images, warn }: ViteAccessOptions): ViteAccess {
  const own = ownNames(config)
  const requests = new AsyncLocalStorage<Requester>()
  /** Loaded for somebody who may not start anything, where no page requests the module itself. */
  const held = new Set<string>()
  const refused = new Set<string>()

  function isTrusted({ isLocal, isOwnPage }: Requester, { pipeline }: DevImages): boolean {
    return isOwnPage && (isLocal || pipeline.options.dev.access === 'network')
  }

  function follow(requester: Requester, pathname: string): void {
    const known = images()
    if (!known) return
    if (!isTrusted(requester, known)) {
      if (MANIFEST_ID.test(pathname)) tell(requester)
      return
    }
    for (const file of held) known.want(file)
    held.clear()
    if (MANIFEST_ID.test(pathname)) known.want(fileOf(pathname, config))
  }

  function tell({ isOwnPage, address }: Requester): void {
    const message = isOwnPage
      ? `No image is generated for requests from ${address}, which is not this machine, or under a host name that \`server.allowedHosts\` does not list. Set \`dev: { access: 'network' }\` to generate for every machine.`
      : 'No image is generated for a page of another site. Add its origin to `server.cors.origin` if it is the project’s own.'
    if (!refused.has(message)) warn(message)
    refused.add(message)
  }

  return {
    own,
    middleware(request, response, next) {
      const requester = identifyRequester(request, own)
      const pathname = stripQuery(request.url ?? '')
      // What this very request loads is known only afterwards.
      response.once('finish', () => follow(requester, pathname))
      requests.run(requester, next)
    },
    maySee(requester) {
      const known = images()
      return known !== undefined && isTrusted(requester, known)
    },
    mayStart(file, known, isPageModule) {
      const requester = requests.getStore()
      if (requester ? isTrusted(requester, known) : !isPageModule) return true
      if (!isPageModule) held.add(file)
      return false
    },
  }
}

/** The file behind the URL that Vite gives a module: below the root, or anywhere on disk. */
function fileOf(pathname: string, { root, base }: ResolvedConfig): string {
  const url = decode(pathname.startsWith(base) ? `/${pathname.slice(base.length)}` : pathname)
  const file = url.startsWith('/@fs/') ? url.slice('/@fs/'.length) : path.join(root, url)
  return path.resolve('/', file)
}

/** An invalid encoding names nothing. */
function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return '/'
  }
}

function ownNames({ server }: ResolvedConfig): OwnNames {
  const { cors } = server
  const origins = typeof cors === 'object' ? [cors.origin ?? []].flat() : []
  return {
    hosts: allowedHosts(server),
    // `true`, `*` and functions let others read; they name nobody.
    origins: origins.filter(origin => typeof origin === 'string' || origin instanceof RegExp),
  }
}

/** Names under which the server may be asked, as its configuration says. */
function allowedHosts(server: ResolvedConfig['server']): readonly string[] | true {
  if (server.allowedHosts === true) return true
  const names = [...(server.allowedHosts ?? [])]
  if (typeof server.host === 'string') names.push(server.host)
  if (server.origin && URL.canParse(server.origin)) names.push(new URL(server.origin).hostname)
  return names
}
