import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'

/** Handles one connection once its request has come in full. */
export type Fault = (socket: Socket, request: string) => void

export interface FaultServer {
  /** The base URL, with `/v1`. */
  readonly url: string
  /** The requests that came in full, head and body as text. */
  readonly requests: readonly string[]
  /** Connections that were opened, with or without a request. */
  readonly connections: number
  close(): Promise<void>
}

/**
 * Answers on raw sockets, as no HTTP server would: one fault a request, in this order, the
 * last one for all that follow.
 */
export async function createFaultServer(...faults: readonly Fault[]): Promise<FaultServer> {
  const requests: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer(socket => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // The caller may go away at any time.
    socket.on('error', () => socket.destroy())
    let received = Buffer.alloc(0)
    socket.on('data', chunk => {
      received = Buffer.concat([received, chunk])
      if (!isWhole(received)) return
      const fault = faults[Math.min(requests.length, faults.length - 1)]
      requests.push(received.toString())
      fault?.(socket, received.toString())
      received = Buffer.alloc(0)
    })
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    get connections() {
      return connections
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** The base URL of a port that no server listens on. */
export async function refusedUrl(): Promise<string> {
  const server = createServer()
  const port = await listen(server)
  await new Promise(resolve => server.close(resolve))
  return `http://127.0.0.1:${port}/v1`
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

function isWhole(received: Buffer): boolean {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return false
  const length = /^content-length: *(\d+)/im.exec(received.toString('latin1', 0, end))?.[1] ?? 0
  return received.length >= end + 4 + Number(length)
}
