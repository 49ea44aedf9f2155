import type { LookupFunction } from 'node:net'
import type { Client } from 'undici'
import { openConnection } from './connection.ts'
import type { Timeout } from './deadline.ts'

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

  async function close(connection: Client): Promise<void> {
    opened.delete(connection)
    await connection.destroy()
  }

  return {
    open(origin, lookup) {
      const connectTimeout = Math.min(silence, total, LONGEST_CONNECT)
      const connection = openConnection(origin, { connectTimeout, ...(lookup && { lookup }) })
      opened.add(connection)
      return connection
    },
    close,
    async closeAll() {
      await Promise.all([...opened].map(close))
    },
  }
}
