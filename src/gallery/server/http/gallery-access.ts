import { isIP } from 'node:net'
import {
  hostOfRequest,
  identifyRequester,
  isListedHost,
  isLoopbackHost,
  type OwnNames,
  type RequestHead,
} from '../../../dev/serving/requester.ts'

/** Who may see the gallery. */
export interface GalleryAccess extends OwnNames {
  /** `local`: this machine. `network`: everybody who reaches the server by an address or a listed name. */
  readonly access: 'local' | 'network'
}

/**
 * Why a request does not come from the gallery itself; undefined when it does. Stricter than the
 * rule for who may start an image: no other origin has a reason to read prompts. Pure.
 */
export function findAccessProblem(
  request: RequestHead,
  allowed: GalleryAccess,
): string | undefined {
  const { headers } = request
  const host = hostOfRequest(headers)
  if (host === undefined || !isAllowedHost(host, allowed.hosts)) {
    return 'This host name is not the development server’s.'
  }
  if (allowed.access === 'local' && !identifyRequester(request, allowed).isLocal) {
    return "The gallery is shown on the machine of its server. Set `dev: { access: 'network' }` to open it to others."
  }
  if (headers.origin !== undefined && hostOf(headers.origin) !== host) {
    return 'Requests of other origins are refused.'
  }
  const site = headers['sec-fetch-site']
  const isOtherSite = site === 'cross-site' || site === 'same-site'
  if (isOtherSite && headers['sec-fetch-mode'] !== 'navigate') {
    return 'Requests of other sites are refused.'
  }
  return undefined
}

function isAllowedHost(host: string, hosts: OwnNames['hosts']): boolean {
  if (hosts === true || isLoopbackHost(host) || isListedHost(host, hosts)) return true
  if (!URL.canParse(`http://${host}`)) return false
  return isIP(new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '')) > 0
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
