import type { LookupFunction, Socket } from 'node:net'
import { buildConnector, Client } from 'undici'
import type { FindProxy, HttpProxy } from '../../system/proxy/proxy.ts'
import { openTunnel } from '../../system/proxy/tunnel.ts'
import { createContinueFilter } from './continue-filter.ts'
import type { Timeout } from './deadline.ts'

/** What one read from a socket may bring, in bytes: as much as the runtime's own reads. */
const READ = 64 * 1024

/** The longest time for opening a connection, in milliseconds. */
const LONGEST_CONNECT = 30_000

/** The connections that are open, so that all of them can be closed. */
export interface Connections {
  /**
   * @param lookup resolves the name of the host, unless the connection goes through a proxy.
   * @default the system's
   */
  open(origin: string, lookup?: LookupFunction): Client
  close(connection: Client): Promise<void>
  closeAll(): Promise<void>
}

/**
 * A connection for each attempt: an idle one may break just as the request is written, and an
 * attempt that certainly cost nothing would become uncertain.
 */
export function createConnections(
  { silence, total }: Timeout,
  findProxy: FindProxy = () => undefined,
): Connections {
  const opened = new Set<Client>()
  const timeout = Math.min(silence, total, LONGEST_CONNECT)

  async function close(connection: Client): Promise<void> {
    opened.delete(connection)
    await connection.destroy()
  }

  return {
    open(origin, lookup) {
      const proxy = findProxy(new URL(origin))
      // The proxy resolves names itself.
      const connection = proxy
        ? openThroughProxy(origin, proxy, timeout)
        : openConnection(origin, { timeout, ...(lookup && { lookup }) })
      opened.add(connection)
      return connection
    },
    close,
    async closeAll() {
      await Promise.all([...opened].map(close))
    },
  }
}

function openConnection(origin: string, options: buildConnector.BuildOptions): Client {
  let socket: Socket | undefined
  const filter = createContinueFilter()
  const connect = buildConnector({
    ...options,
    onread: {
      buffer: Buffer.allocUnsafeSlow(READ),
      callback(length, buffer) {
        // A copy, since the next read overwrites the buffer.
        const bytes = Buffer.from(filter(Buffer.from(buffer.buffer, buffer.byteOffset, length)))
        return bytes.length === 0 || (socket?.push(bytes) ?? false)
      },
    },
  })
  return createClient(origin, (target, callback) => {
    connect(target, (...result) => {
      socket = result[1] ?? undefined
      callback(...result)
    })
  })
}

/** A tunnel's socket is there before the client's, so what it reads is filtered as it is passed on. */
function openThroughProxy(origin: string, proxy: HttpProxy, timeout: number): Client {
  const connect = buildConnector({ timeout })
  return createClient(origin, (target, callback) => {
    openTunnel(proxy, new URL(origin), timeout).then(
      tunnel => {
        if (target.protocol !== 'https:') {
          filterReads(tunnel)
          callback(null, tunnel)
          return
        }
        connect({ ...target, httpSocket: tunnel }, (...result) => {
          if (result[1]) filterReads(result[1])
          callback(...result)
        })
      },
      error => callback(error, null),
    )
  })
}

function filterReads(socket: Socket): void {
  const filter = createContinueFilter()
  const push = socket.push.bind(socket)
  socket.push = (chunk, encoding) => {
    if (!Buffer.isBuffer(chunk)) return push(chunk, encoding)
    const bytes = filter(chunk)
    return bytes.length === 0 || push(bytes)
  }
}

function createClient(origin: string, connect: buildConnector.connector): Client {
  return new Client(origin, {
    connect,
    // The attempt's deadline is the only clock: the client's own timeouts would end it earlier.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}
