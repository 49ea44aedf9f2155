import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { FindProxy } from '../../src/system/proxy/proxy.ts'
import { createFaultServer } from '../fault-server/fault-server.ts'
import { startConnectProxy } from '../support/connect-proxy.ts'
import { makeIdentity } from '../support/tls-identity.ts'
import { anAttempt, testProvider } from './attempts.ts'

/** Text, so that a failure can be read. */
const body = Buffer.from(randomBytes(4_500_000).toString('base64'))
const digest = createHash('sha256').update(body).digest('hex')

/** Ways to send the same bytes; lengths in bytes. */
const WAYS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'with its length': response => {
    response.setHeader('content-length', body.length)
    response.end(body)
  },
  'in small chunks': response => sendChunks(response, 3_000),
  'in large chunks': response => sendChunks(response, 300_000),
  'behind interim answers that nobody asked for': response => {
    response.writeContinue()
    response.writeProcessing()
    response.writeContinue()
    response.end(body)
  },
  'on a connection that ends with it': response => {
    response.setHeader('connection', 'close')
    response.end(body)
  },
}

function sendChunks(response: ServerResponse, longest: number): void {
  for (let at = 0, step = 1; at < body.length; at += step, step = 1 + ((step * 7_919) % longest)) {
    response.write(body.subarray(at, at + step))
  }
  response.end()
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Reads as slowly as a busy disk, so that the connection is paused and resumed. */
async function digestOf(url: string, pause: number, findProxy?: FindProxy): Promise<string> {
  const provider = testProvider(url, findProxy && { findProxy })
  onTestFinished(() => provider.close())
  const hash = createHash('sha256')
  for await (const piece of await provider.send(anAttempt())) {
    if (pause > 0) await wait(pause)
    hash.update(piece)
  }
  return hash.digest('hex')
}

for (const [way, send] of Object.entries(WAYS)) {
  test.each([
    ['at once', 0],
    ['slowly', 4],
  ])(`an answer ${way}, read %s, comes as it was sent`, async (_, pause) => {
    const address = await listen(createServer((_, response) => send(response)))
    expect(await digestOf(`http://${address}/v1`, pause)).toBe(digest)
    const proxy = await startConnectProxy()
    expect(await digestOf(`http://${address}/v1`, pause, () => proxy.asFound)).toBe(digest)
    expect(proxy.log).toEqual([`${address} 200`])
  })

  test(`an encrypted answer ${way} comes as it was sent`, async context => {
    const identity = makeIdentity()
    context.skip(!identity, 'openssl is missing')
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    onTestFinished(() => void vi.unstubAllEnvs())
    const address = await listen(createTlsServer(identity ?? {}, (_, response) => send(response)))
    expect(await digestOf(`https://${address}/v1`, 1)).toBe(digest)
    const proxy = await startConnectProxy()
    expect(await digestOf(`https://${address}/v1`, 1, () => proxy.asFound)).toBe(digest)
    expect(proxy.log).toEqual([`${address} 200`])
  })
}

const delivery = fc.record({
  segments: fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1, maxLength: 10 }),
  chunked: fc.boolean(),
  connection: fc.constantFrom('close', 'keep-alive'),
  /** Milliseconds between segments. */
  gap: fc.constantFrom(0, 3),
  /** Milliseconds between pieces. */
  pause: fc.constantFrom(0, 1, 20),
})

test('an answer comes whole however it is cut, and though the server closes right behind it', async () => {
  await fc.assert(
    fc.asyncProperty(delivery, async ({ segments, chunked, connection, gap, pause }) => {
      const length = segments.reduce((sum, segment) => sum + segment)
      const framing = chunked ? 'transfer-encoding: chunked' : `content-length: ${length}`
      const server = await createFaultServer(async socket => {
        socket.write(`HTTP/1.1 200 OK\r\nconnection: ${connection}\r\n${framing}\r\n\r\n`)
        let at = 0
        for (const segment of segments) {
          if (chunked) socket.write(`${segment.toString(16)}\r\n`)
          socket.write(body.subarray(at, at + segment))
          if (chunked) socket.write('\r\n')
          at += segment
          if (gap > 0) await wait(gap)
        }
        socket.end(chunked ? '0\r\n\r\n' : '')
      })
      try {
        const expected = createHash('sha256').update(body.subarray(0, length)).digest('hex')
        expect(await digestOf(server.url, pause)).toBe(expected)
      } finally {
        await server.close()
      }
    }),
    { numRuns: 60 },
  )
})
