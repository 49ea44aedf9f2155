import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { type HttpProxy, ProxyRefusalError } from './proxy.ts'

/**
 * A connection through a proxy, by CONNECT: the proxy passes on bytes that it cannot read.
 * @param target the origin that it leads to
 * @param timeout milliseconds
 * @throws ProxyRefusalError, and the system's errors
 */
export function openTunnel(
  proxy: HttpProxy,
  { hostname, port, protocol }: URL,
  timeout: number,
): Promise<Socket> {
  const { url, authorization } = proxy
  const target = `${hostname}:${port || (protocol === 'http:' ? 80 : 443)}`
  const { request } = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const connecting = request({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || (url.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      agent: false,
      timeout,
      headers: {
        host: target,
        'user-agent': 'unplugin-imagegen',
        ...(authorization !== undefined && { 'proxy-authorization': authorization }),
      },
    })
    connecting.once('connect', ({ statusCode = 0 }, socket, head) => {
      socket.setTimeout(0)
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head)
        resolve(socket as Socket)
        return
      }
      socket.destroy()
      reject(new ProxyRefusalError(proxy, statusCode))
    })
    connecting.once('timeout', () => {
      connecting.destroy(
        new Error(`the proxy ${url.origin} did not answer within ${timeout / 1000} s`),
      )
    })
    connecting.once('error', error => {
      reject(new Error(`through the proxy ${url.origin}: ${error.message}`, { cause: error }))
    })
    connecting.end()
  })
}
