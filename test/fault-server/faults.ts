import type { Fault } from './fault-server.ts'

export interface Answering {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string | number>>
  readonly body?: string | Uint8Array
}

/** A whole answer, then the end of the connection. */
export function answer({ status = 200, headers = {}, body = '' }: Answering = {}): Fault {
  return socket => {
    socket.write(head(status, { 'content-length': Buffer.byteLength(body), ...headers }))
    socket.end(body)
  }
}

/** Resets the connection once the request has come. */
export const resetBeforeHeaders: Fault = socket => {
  socket.resetAndDestroy()
}

/** Sends the first bytes of the body, then resets the connection. */
export function resetInsideBody(body: string, after = body.length >> 1): Fault {
  return socket => {
    socket.write(
      head(200, { 'content-length': Buffer.byteLength(body) }) + body.slice(0, after),
      () => {
        // Only bytes that left before the reset arrive.
        setTimeout(() => socket.resetAndDestroy(), 20)
      },
    )
  }
}

/** Closes the connection properly inside a body of unknown length. */
export function cutBody(body: string, after: number): Fault {
  return socket => socket.end(head(200, {}) + body.slice(0, after))
}

/** Sends nothing and ends nothing. */
export const silence: Fault = () => {}

/** Sends headers and part of the body, then nothing. */
export function stallInsideBody(body: string, after = body.length >> 1): Fault {
  return socket =>
    socket.write(head(200, { 'content-length': Buffer.byteLength(body) }) + body.slice(0, after))
}

/** Announces another length than the body has: `by` bytes more, or fewer when negative. */
export function misannounce(body: string, by: number): Fault {
  return answer({ headers: { 'content-length': Buffer.byteLength(body) + by }, body })
}

/** Sends chunks without end. */
export function flood(start: string, filler: string): Fault {
  return socket => {
    const more = (): void => {
      while (!socket.destroyed && socket.write(filler)) {
        // Until the socket's buffer is full.
      }
    }
    socket.on('drain', more)
    socket.write(head(200, {}) + start)
    more()
  }
}

function head(status: number, headers: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries({
    'content-type': 'application/json',
    connection: 'close',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} Reply\r\n${lines.join('')}\r\n`
}
