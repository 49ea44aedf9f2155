import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

/**
 * Why a request is not from the gallery itself; undefined when it is. Other sites can make a browser
 * send requests to a server on this machine, and a foreign name can be made to lead to it. Pure.
 * @param allowedHosts names beside `localhost` and IP addresses; one that begins with a dot stands
 * for all below it as well; `true` for any
 */
export function foreignness(
  headers: IncomingHttpHeaders,
  allowedHosts: readonly string[] | true,
): string | undefined {
  const { origin } = headers
  // What is HTTPS in development is HTTP/2, which says the host under another name.
  const authority = headers[':authority']
  const host = headers.host ?? (typeof authority === 'string' ? authority : undefined)
  if (host === undefined || !isAllowedHost(host, allowedHosts)) {
    return 'This host name is not the development server’s.'
  }
  if (origin !== undefined && hostOf(origin) !== host) {
    return 'Requests of other origins are refused.'
  }
  const site = headers['sec-fetch-site']
  const isForeign = site === 'cross-site' || site === 'same-site'
  if (isForeign && headers['sec-fetch-mode'] !== 'navigate') {
    return 'Requests of other sites are refused.'
  }
  return undefined
}

function isAllowedHost(host: string, allowed: readonly string[] | true): boolean {
  if (allowed === true) return true
  if (!URL.canParse(`http://${host}`)) return false
  const { hostname } = new URL(`http://${host}`)
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true
  if (isIP(hostname.replace(/^\[|\]$/g, '')) > 0) return true
  return allowed.some(name =>
    name.startsWith('.')
      ? hostname === name.slice(1) || hostname.endsWith(name)
      : hostname === name,
  )
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
