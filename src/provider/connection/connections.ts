import type { LookupFunction, Socket } from 'node:net'
import { buildConnector, Client } from 'undici'
import { createContinueFilter } from './continue-filter.ts'
import type { Timeout } from './deadline.ts'

/** What one read from a socket may bring, in bytes: as much as the runtime's own reads. */
const READ = 64 * 1024

/** The longest time for opening a connection, in milliseconds. */
const LONGEST_CONNECT = 30_000

/** The connections that are open, so that all of them can be closed. */
export interface Connections {
  /** @param lookup resolves the name of the host. @default the system's */
  open(origin: string, lookup?: LookupFunction): Client
  close(connection: Client): Promise<void>
  closeAll(): Promise<void>
}

/**
 * A connection for each attempt: an idle one may break just as the request is written, and an
 * attempt that certainly cost nothing would become uncertain.
 */
export function createConnections({ silence, total }: Timeout): Connections {
  const opened = new Set<Client>()
  const timeout = Math.min(silence, total, LONGEST_CONNECT)

  async function close(connection: Client): Promise<void> {
    opened.delete(connection)
    await connection.destroy()
  }

  return {
    open(origin, lookup) {
      const connection = openConnection(origin, { timeout, ...(lookup && { lookup }) })
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
  return new Client(origin, {
    connect(target, callback) {
      connect(target, (...result) => {
        socket = result[1] ?? undefined
        callback(...result)
      })
    },
    // The attempt's deadline is the only clock: the client's own timeouts would end it earlier.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}
