import type { LookupFunction, Socket } from 'node:net'
import { buildConnector, Client } from 'undici'
import { createContinueFilter } from './continue-filter.ts'

/** What one read from a socket may bring, in bytes: as much as the runtime's own reads. */
const READ = 64 * 1024

export interface ConnectionOptions {
  /** Milliseconds. */
  readonly connectTimeout: number
  /** Resolves the name of the host. @default the system's */
  readonly lookup?: LookupFunction
}

/** A client that opens one connection, for one attempt. */
export function openConnection(
  origin: string,
  { connectTimeout, lookup }: ConnectionOptions,
): Client {
  let socket: Socket | undefined
  const filter = createContinueFilter()
  const connect = buildConnector({
    timeout: connectTimeout,
    ...(lookup && { lookup }),
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
    connect(options, callback) {
      connect(options, (...result) => {
        socket = result[1] ?? undefined
        callback(...result)
      })
    },
    // The attempt's deadline is the only clock: the client's own timeouts would end it earlier.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}
