/** A proxy that connections go through. */
export interface HttpProxy {
  /** `http:` or `https:`, without credentials. */
  readonly url: URL
  /** Value of `Proxy-Authorization`. Never shown. */
  readonly authorization?: string
  /** The environment variable that names it, for messages. */
  readonly variable: string
}

/**
 * Finds the proxy for a connection; undefined when it goes there directly.
 * @param target its origin
 */
export type FindProxy = (target: URL) => HttpProxy | undefined

/** A proxy that answered and makes no connection. */
export class ProxyRefusalError extends Error {
  readonly code = 'PROXY_REFUSED'
  readonly status: number

  constructor({ url, variable, authorization }: HttpProxy, status: number) {
    const advice =
      status === 407
        ? `It wants ${authorization === undefined ? 'a user and a password' : 'another user or password'}: write them into ${variable}, as http://user:password@${url.host}.`
        : `Ask its administrator, or list the host in NO_PROXY.`
    super(`The proxy ${url.origin} of ${variable} refuses the connection with ${status}. ${advice}`)
    this.name = 'ProxyRefusalError'
    this.status = status
  }
}
