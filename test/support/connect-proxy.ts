import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { onTestFinished } from 'vitest'
import type { HttpProxy } from '../../src/system/proxy/proxy.ts'

export interface ConnectProxy {
  /** `http://127.0.0.1:1234` */
  readonly url: string
  /** What was asked of it: `api.example.test:443 200`. */
  readonly log: readonly string[]
  /** As the environment would name it. */
  readonly asFound: HttpProxy
}

export interface ConnectProxyOptions {
  /** `user:password`, which it then wants. */
  readonly credentials?: string
  /** What it answers instead of connecting. */
  readonly status?: number
  /** Connects everything to this port of this machine, whatever it was requested. */
  readonly to?: number
}

/** A proxy that does what CONNECT asks for, closed after the test. */
export async function startConnectProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const { credentials, status, to } = options
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
  const log: string[] = []
  const sockets = new Set<{ destroy(): void }>()
  const server = createServer((_, response) => response.writeHead(405).end())
  server.on('connect', ({ url = '', headers }, client, head) => {
    sockets.add(client)
    client.on('error', () => undefined)
    const isRefused = wanted !== undefined && headers['proxy-authorization'] !== wanted
    const answer = isRefused ? 407 : (status ?? 200)
    log.push(`${url} ${answer}`)
    if (answer !== 200) {
      client.end(`HTTP/1.1 ${answer} No\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    const { hostname, port } = new URL(`http://${url}`)
    const server = connect(to ?? Number(port || 80), to ? '127.0.0.1' : hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      if (head.length > 0) server.write(head)
      server.pipe(client)
      client.pipe(server)
    })
    sockets.add(server)
    // A reset is passed on as one.
    server.on('error', () => client.destroy())
    server.on('close', () => client.end())
    client.on('close', () => server.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, log, asFound: { url: new URL(url), variable: 'HTTPS_PROXY' } }
}
