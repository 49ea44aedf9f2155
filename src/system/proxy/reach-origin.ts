import net, { type Socket } from 'node:net'
import tls from 'node:tls'
import type { FindProxy } from './proxy.ts'
import { openTunnel } from './tunnel.ts'

/**
 * Opens a connection to an origin as requests would, with TLS and through the environment's proxy,
 * and closes it. Sends no request, so nothing can be billed.
 * @param timeout milliseconds
 * @throws ProxyRefusalError, and the system's errors
 */
export async function reachOrigin(
  origin: URL,
  findProxy: FindProxy,
  timeout: number,
): Promise<void> {
  const host = origin.hostname.replace(/^\[|\]$/g, '')
  const proxy = findProxy(origin)
  const tunnel = proxy && (await openTunnel(proxy, origin, timeout))
  if (origin.protocol === 'https:') {
    const servername = net.isIP(host) === 0 ? { servername: host } : {}
    const target = tunnel ? { socket: tunnel } : { host, port: Number(origin.port || 443) }
    return settle(tls.connect({ ...target, ...servername }), 'secureConnect', timeout)
  }
  if (tunnel) return void tunnel.destroy()
  return settle(net.connect({ host, port: Number(origin.port || 80) }), 'connect', timeout)
}

function settle(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  timeout: number,
): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no connection within ${timeout / 1000} s`)),
      timeout,
    )
    socket.once(event, () => resolve())
    socket.once('error', reject)
    socket.once('close', () => clearTimeout(timer))
  }).finally(() => socket.destroy())
}
