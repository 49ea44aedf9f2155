import type { IncomingHttpHeaders } from 'node:http'

/** The hosts and origins that a development server's configuration lists as the project's own. */
export interface OwnNames {
  /**
   * Host names besides this machine's. One that begins with a dot includes its subdomains. `true`
   * accepts any host, and so lists none.
   */
  readonly hosts: readonly string[] | true
  /** Origins of pages from another server, such as a backend. */
  readonly origins: readonly (string | RegExp)[]
}

/** Who sent a request to a development server, as far as the request says. */
export interface Requester {
  /** It came from this machine, under one of its names or a listed one. */
  readonly isLocal: boolean
  /** A page of the project sent it, or somebody typed its address. */
  readonly isOwnPage: boolean
  /** For messages. */
  readonly address: string
}

export interface RequestHead {
  readonly headers: IncomingHttpHeaders
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/**
 * Tells the project's own requests from others. Another site can make a browser send requests to a
 * server on this machine, another host name can be made to resolve to it, and a tunnel can pass on
 * requests from anywhere. A request that says nothing of its origin counts as somebody else's. Pure.
 */
export function identifyRequester({ headers, socket }: RequestHead, own: OwnNames): Requester {
  const { remoteAddress } = socket
  return {
    isLocal: isLocal(headers, remoteAddress, own),
    isOwnPage: isOwnPage(headers, own),
    address: remoteAddress ?? 'this machine',
  }
}

/** The host that a request names. HTTPS in development is HTTP/2, where the header is another one. */
export function hostOfRequest(headers: IncomingHttpHeaders): string | undefined {
  const authority = headers[':authority']
  return headers.host ?? (typeof authority === 'string' ? authority : undefined)
}

/** Whether a host, with or without a port, is a name of this machine. */
export function isLoopbackHost(host: string): boolean {
  const name = hostnameOf(host)
  return name !== undefined && isLoopbackName(name)
}

/** Whether a host, with or without a port, is one of these names. */
export function isListedHost(host: string, listed: readonly string[]): boolean {
  const name = hostnameOf(host)
  return listed.some(entry =>
    entry.startsWith('.') ? name === entry.slice(1) || name?.endsWith(entry) : name === entry,
  )
}

function isLocal(
  headers: IncomingHttpHeaders,
  remoteAddress: string | undefined,
  { hosts }: OwnNames,
): boolean {
  // A Unix socket has no address, and belongs to this machine.
  if (remoteAddress !== undefined && !isLoopbackAddress(remoteAddress)) return false
  const host = lastOf(headers['x-forwarded-host']) ?? hostOfRequest(headers)
  if (host === undefined) return false
  // Comes first: a server on a loopback name lists that name, and tunnels lead there too.
  if (isLoopbackHost(host)) return listOf(headers['x-forwarded-for']).every(isLoopbackAddress)
  return hosts !== true && isListedHost(host, hosts)
}

function isOwnPage(headers: IncomingHttpHeaders, own: OwnNames): boolean {
  const { origin, referer } = headers
  const site = headers['sec-fetch-site']
  if (site === 'same-origin' || site === 'none') return true
  // Browsers send it with everything that reads an answer: modules of a backend's page, never
  // scripts, pictures or links of another site's.
  if (origin !== undefined) return isOwnOrigin(origin, headers, own)
  // Old browsers say no more than this.
  return site === undefined && referer !== undefined && isOwnOrigin(referer, headers, own)
}

function isOwnOrigin(
  text: string,
  headers: IncomingHttpHeaders,
  { hosts, origins }: OwnNames,
): boolean {
  if (!URL.canParse(text)) return false
  const { origin, host, protocol } = new URL(text)
  if (protocol !== 'http:' && protocol !== 'https:') return false
  if (host === hostOfRequest(headers) || isLoopbackHost(host)) return true
  if (hosts !== true && isListedHost(host, hosts)) return true
  return origins.some(known =>
    typeof known === 'string' ? known === origin : origin.search(known) >= 0,
  )
}

function isLoopbackName(name: string): boolean {
  const address = name.replace(/^\[|\]$/g, '')
  return name === 'localhost' || name.endsWith('.localhost') || isLoopbackAddress(address)
}

function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(address)
}

function hostnameOf(host: string): string | undefined {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : undefined
}

/** Proxies add to what came to them. */
function listOf(header: string | string[] | undefined): readonly string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '')
  return text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
}

function lastOf(header: string | string[] | undefined): string | undefined {
  return listOf(header).at(-1)
}
