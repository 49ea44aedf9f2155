import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** What happens to a request on its way to the store. */
export type Fault =
  /** The store carries out the request, but the answer is lost. */
  | 'lose-answer'
  /** Half of the answer's body comes, then the connection ends. */
  | 'truncate'
  /** Some of the answer's body comes, and nothing more. */
  | 'stall'
  /** The request is taken, and never answered. */
  | 'silence'
  /** Answered with this status; the store hears nothing of it. */
  | { readonly status: number; readonly code: string }

export interface SeenRequest {
  readonly method: string
  /** Path and query. */
  readonly url: string
}

export interface FaultProxy {
  readonly endpoint: string
  readonly seen: readonly SeenRequest[]
  /** Makes the next `times` requests that match fail. */
  fail(times: number, fault: Fault, matches?: (request: SeenRequest) => boolean): void
}

/** Stands between a client and the store, and injects faults on demand. */
export async function createFaultProxy(target: string): Promise<FaultProxy> {
  const seen: SeenRequest[] = []
  const rules: { left: number; fault: Fault; matches: (request: SeenRequest) => boolean }[] = []

  const server = createServer((incoming, outgoing) => {
    const request = { method: incoming.method ?? '', url: incoming.url ?? '' }
    seen.push(request)
    const rule = rules.find(({ left, matches }) => left > 0 && matches(request))
    if (rule) rule.left -= 1
    pass(target, incoming, outgoing, rule?.fault)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    fail(times, fault, matches = () => true) {
      rules.push({ left: times, fault, matches })
    },
  }
}

function pass(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: Fault | undefined,
): void {
  if (fault === 'silence') return void incoming.resume()
  if (typeof fault === 'object') {
    incoming.resume().on('end', () => {
      outgoing
        .writeHead(fault.status, { 'content-type': 'application/xml' })
        .end(`<Error><Code>${fault.code}</Code><Message>Scripted.</Message></Error>`)
    })
    return
  }
  // The Host header is passed on as it came: the signature covers it.
  const onward = forward(
    `${target}${incoming.url}`,
    { method: incoming.method, headers: incoming.headers },
    answer => {
      const pieces: Buffer[] = []
      answer.on('data', piece => pieces.push(piece))
      answer.on('end', () => {
        const body = Buffer.concat(pieces)
        if (fault === 'lose-answer') return void outgoing.socket?.destroy()
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
        if (fault === undefined) return void outgoing.end(body)
        outgoing.write(body.subarray(0, body.length / 2), () => {
          if (fault === 'truncate') outgoing.socket?.destroy()
        })
      })
    },
  )
  onward.on('error', () => outgoing.socket?.destroy())
  incoming.pipe(onward)
}
