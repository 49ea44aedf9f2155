import http from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import type { FindProxy } from './proxy.ts'
import { openTunnel } from './tunnel.ts'

/** Milliseconds. */
const CONNECT = 10_000

/** How many connections one agent keeps, as the AWS SDK's own does. */
const SETTINGS = { keepAlive: true, maxSockets: 50 }

/** Agents of Node's own HTTP client whose connections go through the environment's proxies. */
export interface ProxyAgents {
  readonly httpAgent: http.Agent
  readonly httpsAgent: https.Agent
}

type Created = (error: Error | null, socket: Duplex) => void

export function createProxyAgents(findProxy: FindProxy): ProxyAgents {
  const httpAgent = new http.Agent(SETTINGS)
  const httpsAgent = new https.Agent(SETTINGS)
  const connect = httpAgent.createConnection.bind(httpAgent)
  const connectTls = httpsAgent.createConnection.bind(httpsAgent)
  httpAgent.createConnection = (options, callback) => {
    const target = originOf('http:', options)
    const proxy = findProxy(target)
    if (!proxy) return connect(options, callback)
    hand(openTunnel(proxy, target, CONNECT), callback)
    return undefined
  }
  httpsAgent.createConnection = (options, callback) => {
    const target = originOf('https:', options)
    const proxy = findProxy(target)
    if (!proxy) return connectTls(options, callback)
    const tunnel = openTunnel(proxy, target, CONNECT)
    const { servername = target.hostname } = options
    hand(
      tunnel.then(socket => tls.connect({ socket, servername })),
      callback,
    )
    return undefined
  }
  return { httpAgent, httpsAgent }
}

function hand(connecting: Promise<Duplex>, callback: Created | undefined): void {
  connecting.then(
    socket => callback?.(null, socket),
    (error: Error) => (callback as ((error: Error) => void) | undefined)?.(error),
  )
}

function originOf(
  protocol: string,
  { host, port }: Pick<http.ClientRequestArgs, 'host' | 'port'>,
): URL {
  const name = host ?? 'localhost'
  return new URL(`${protocol}//${name.includes(':') ? `[${name}]` : name}${port ? `:${port}` : ''}`)
}
