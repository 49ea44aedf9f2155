import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ApiReply } from './conformance-subject.ts'

/** What the server does with one request, whose body it has read. */
export type Behaviour = (response: ServerResponse, request: ReceivedRequest) => void

/** A request as it came. */
export interface ReceivedRequest {
  readonly body: Buffer
}

/** An API on this machine that does what a test tells it. */
export interface ConformanceServer {
  readonly url: string
  readonly requests: readonly ReceivedRequest[]
  /** Resolves when the connection of a request has ended before its answer did. */
  readonly abandoned: Promise<void>
  /** Resolves when the first request has come. */
  readonly asked: Promise<void>
  /** What is done with the next requests; the last one goes on. */
  script(...behaviours: readonly Behaviour[]): void
  close(): Promise<void>
}

export async function startConformanceServer(): Promise<ConformanceServer> {
  const requests: ReceivedRequest[] = []
  let behaviours: readonly Behaviour[] = []
  const [asked, onAsked] = signal()
  const [abandoned, onAbandoned] = signal()

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => {
      if (!response.writableFinished) onAbandoned()
    })
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const request = { body: Buffer.concat(chunks) }
    const behave = behaviours[Math.min(requests.length, behaviours.length - 1)]
    requests.push(request)
    onAsked()
    behave?.(response, request)
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    asked,
    abandoned,
    script(...given) {
      behaviours = given
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function signal(): readonly [Promise<void>, () => void] {
  let tell: (() => void) | undefined
  const told = new Promise<void>(resolve => {
    tell = resolve
  })
  return [told, () => tell?.()]
}

/** Answers in full. */
export function reply(given: ApiReply): Behaviour {
  const { status = 200, headers } = given
  const bytes = bytesOf(given)
  return response => {
    response.writeHead(status, {
      'content-type': isRaw(given) ? 'application/octet-stream' : 'application/json',
      'content-length': bytes.length,
      ...headers,
    })
    response.end(bytes)
  }
}

/** Announces an answer and breaks off in the middle of it. */
export function breakOff(given: ApiReply): Behaviour {
  const bytes = bytesOf(given)
  return response => {
    response.writeHead(200, {
      'content-type': isRaw(given) ? 'application/octet-stream' : 'application/json',
      'content-length': bytes.length,
      ...given.headers,
    })
    response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy())
  }
}

/** Resets the connection. */
export const reset: Behaviour = response => response.socket?.resetAndDestroy()

/** Says nothing at all. */
export const silent: Behaviour = () => undefined

/** Bytes after which even an endless answer ends. */
const MOST = 256 * 1024 * 1024

/** Begins an answer and goes on far beyond any picture. @param count told how many bytes went out */
export function endless(given: ApiReply, count: (bytes: number) => void): Behaviour {
  const bytes = bytesOf(given)
  const piece = Buffer.alloc(1024 * 1024, 'A')
  return response => {
    let written = 0
    response.writeHead(200, { 'content-type': 'application/octet-stream', ...given.headers })
    response.write(bytes.subarray(0, bytes.length >> 1))
    const write = (): void => {
      let hasRoom = true
      while (hasRoom && !response.destroyed && written < MOST) {
        hasRoom = response.write(piece)
        written += piece.length
        count(piece.length)
      }
      if (written >= MOST) response.end()
    }
    response.on('drain', write)
    write()
  }
}

function bytesOf({ body }: ApiReply): Buffer {
  if (typeof body === 'string') return Buffer.from(body)
  return Buffer.from(body instanceof Uint8Array ? body : JSON.stringify(body))
}

function isRaw({ body }: ApiReply): boolean {
  return typeof body === 'string' || body instanceof Uint8Array
}
