import type { LookupFunction, Socket } from 'node:net'
import { buildConnector, Client } from 'undici'
import { createContinueFilter } from './continue-filter.ts'

/** What one read from a socket may bring, in bytes. */
const READ = 256 * 1024

/** A connection for one attempt, which reads an answer of any size into a few buffers over and over. */
export interface Connection {
  readonly client: Client
  /** Tells that a chunk of an answer was copied, so that what came before it may be overwritten. */
  taken(chunk: Uint8Array): void
}

export interface ConnectionOptions {
  /** Milliseconds. */
  readonly connectTimeout: number
  /** Resolves the name of the host. @default the system's */
  readonly lookup?: LookupFunction
}

/**
 * The runtime allocates memory for each read, and collecting it costs more than the reading: for
 * an answer of many megabytes most of the time and memory of receiving.
 *
 * A buffer is used again only once a chunk of a later one has been taken: bytes come in order, so
 * nobody, the client's parser included, has still to look at an earlier one. What was never part
 * of a chunk, like the head of the answer, goes the same way, parsed before the first of them.
 */
export function openConnection(
  origin: string,
  { connectTimeout, lookup }: ConnectionOptions,
): Connection {
  /** In the order in which they were filled. */
  const filled: Uint8Array[] = []
  const free: Uint8Array[] = []
  let socket: Socket | undefined
  const filter = createContinueFilter()

  const connect = buildConnector({
    timeout: connectTimeout,
    ...(lookup && { lookup }),
    onread: {
      buffer() {
        const buffer = free.pop() ?? Buffer.allocUnsafeSlow(READ)
        filled.push(buffer)
        return buffer
      },
      callback(length, buffer) {
        const bytes = filter(Buffer.from(buffer.buffer, buffer.byteOffset, length))
        if (bytes.length === 0) return true
        return socket?.push(bytes) ?? false
      },
    },
  })
  const client = new Client(origin, {
    connect(options, callback) {
      connect(options, (...result) => {
        socket = result[1] ?? undefined
        callback(...result)
      })
    },
    // The deadline of the attempt is the only clock: the client's own ones would end it earlier.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  return {
    client,
    taken(chunk) {
      const current = filled.findIndex(({ buffer }) => buffer === chunk.buffer)
      if (current > 0) free.push(...filled.splice(0, current))
    },
  }
}
