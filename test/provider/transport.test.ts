import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { AttemptErrorDetails } from '../../src/provider/attempt-error.ts'
import type { OpenAICompatibleOptions } from '../../src/provider/openai-compatible.ts'
import {
  createFaultServer,
  type Fault,
  type FaultServer,
  refusedUrl,
} from '../fault-server/fault-server.ts'
import {
  answer,
  cutBody,
  flood,
  misannounce,
  resetBeforeHeaders,
  resetInsideBody,
  silence,
  stallInsideBody,
} from '../fault-server/faults.ts'
import { anAttempt, buy, failureOf, KEY, testProvider } from './attempts.ts'

const picture = Buffer.alloc(300_000, 'picture')
const body = JSON.stringify({ created: 1, data: [{ b64_json: picture.toString('base64') }] })

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function faultServer(...faults: Fault[]): Promise<FaultServer> {
  const server = await createFaultServer(...faults)
  cleanups.push(() => server.close())
  return server
}

function client(url: string, options?: Partial<OpenAICompatibleOptions>) {
  const provider = testProvider(url, options)
  cleanups.push(() => provider.close())
  return provider
}

const notSent = { code: 'NOT_SENT', outcome: 'not-processed', retryable: true } as const
const lost = { code: 'CONNECTION_LOST', outcome: 'uncertain', retryable: true } as const
const timeout = { code: 'TIMEOUT', outcome: 'uncertain', retryable: true } as const
const unreadable = { code: 'UNREADABLE_ANSWER', outcome: 'unusable', retryable: false } as const
const malformed = { code: 'MALFORMED_ANSWER', outcome: 'uncertain', retryable: false } as const

describe('certainly not sent', () => {
  it('refused connection', async () => {
    const url = await refusedUrl()
    const failure = await failureOf(buy(client(url)))
    expect(failure).toMatchObject(notSent)
    expect(failure.message).toContain('ECONNREFUSED')
  })

  it('unknown host', async () => {
    const failure = await failureOf(buy(client('https://nowhere.invalid/v1')))
    expect(failure).toMatchObject(notSent)
  })

  it('failed TLS handshake', async () => {
    const server = await faultServer(silence)
    // Plain bytes are an invalid handshake for whoever expects TLS.
    const plain = await faultServer(answer())
    const { port } = new URL(plain.url)
    const failure = await failureOf(buy(client(`https://127.0.0.1:${port}/v1`, { timeout: 300 })))
    expect(failure).toMatchObject(notSent)
    expect(server.requests).toEqual([])
    expect(plain.requests).toEqual([])
  })

  it('given up before it was sent', async () => {
    const server = await faultServer(silence)
    const signal = AbortSignal.abort()
    const failure = await failureOf(buy(client(server.url), anAttempt({}, { signal })))
    expect(failure).toMatchObject({ code: 'ABORTED', outcome: 'not-processed', retryable: false })
    expect(server.requests).toEqual([])
  })
})

const broken: readonly (readonly [string, Fault, Partial<AttemptErrorDetails>])[] = [
  ['reset before headers', resetBeforeHeaders, lost],
  ['reset inside the body', resetInsideBody(body), lost],
  ['closed before headers', socket => socket.end(), lost],
  ['no HTTP', socket => socket.end('SSH-2.0-OpenSSH\r\n'), malformed],
  [
    'a header that is none',
    socket => socket.end('HTTP/1.1 200 OK\r\nno header\r\n\r\n'),
    malformed,
  ],
  ['slow headers', silence, timeout],
  ['slow body', stallInsideBody(body), timeout],
  ['long Content-Length', misannounce(body, 100), lost],
  ['short Content-Length', misannounce(body, -100), unreadable],
  ['truncated JSON, its length not announced', cutBody(body, 9_000), lost],
  ['cut before the picture', answer({ body: '{"created":1,' }), unreadable],
]

it.each(broken)('%s', async (_name, fault, expected) => {
  const server = await faultServer(fault)
  const failure = await failureOf(buy(client(server.url, { timeout: 400 })))
  expect(failure).toMatchObject(expected)
  expect(failure.message).not.toContain(KEY)
  expect(server.requests).toHaveLength(1)
})

it('is uncertain when given up after it was sent', async () => {
  const controller = new AbortController()
  const server = await faultServer(() => controller.abort())
  const failure = await failureOf(
    buy(client(server.url), anAttempt({}, { signal: controller.signal })),
  )
  expect(failure).toMatchObject({ code: 'ABORTED', outcome: 'uncertain', retryable: false })
})

it('is uncertain when given up inside the body', async () => {
  const server = await faultServer(stallInsideBody(body))
  const controller = new AbortController()
  const stream = await client(server.url).send(anAttempt({}, { signal: controller.signal }))
  const reading = (async () => {
    for await (const _ of stream) controller.abort()
  })()
  expect(await failureOf(reading)).toMatchObject({ code: 'ABORTED', outcome: 'uncertain' })
})

it('keeps a picture that came whole, though the JSON around it was cut off', async () => {
  const server = await faultServer(cutBody(body, body.length - 2))
  const bought = await buy(client(server.url))
  expect(bought.picture.equals(picture)).toBe(true)
  expect(bought.facts.warnings).toHaveLength(1)
})

it('sends nothing anew by itself, and uses no connection twice', async () => {
  const server = await faultServer(answer({ body }))
  const provider = client(server.url)
  for (let i = 0; i < 3; i++) await buy(provider)
  expect(server.requests).toHaveLength(3)
  expect(server.connections).toBe(3)
})

it.each(['close', 'keep-alive'])(
  'brings a whole answer to a slow reader though the server closes right behind it (%s)',
  async connection => {
    const head = `HTTP/1.1 200 OK\r\nconnection: ${connection}\r\ncontent-length: ${body.length}\r\n\r\n`
    let left = false
    const server = await faultServer(socket =>
      socket.end(head + body, () => {
        left = true
      }),
    )
    const stream = await client(server.url).send(anAttempt())
    await vi.waitUntil(() => left, { interval: 1, timeout: 20_000 })
    let received = 0
    for await (const chunk of stream) {
      received += chunk.byteLength
      await new Promise(resolve => setTimeout(resolve, 1))
    }
    expect(received).toBe(body.length)
  },
)

it('brings a whole answer whose last bytes are more than may wait unread', async () => {
  const parts = [Buffer.alloc(256 * 1024 - 1_000, 'a'), Buffer.alloc(2_000, 'b')] as const
  const length = parts[0].length + parts[1].length
  let left = false
  const server = await faultServer(async socket => {
    socket.write(`HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: ${length}\r\n\r\n`)
    socket.write(parts[0])
    // Long enough for the first part to be read on its own.
    await wait(100)
    socket.end(parts[1], () => {
      left = true
    })
  })
  const stream = await client(server.url).send(anAttempt())
  await vi.waitUntil(() => left, { interval: 1, timeout: 20_000 })
  await wait(50)
  let received = 0
  for await (const chunk of stream) received += chunk.byteLength
  expect(received).toBe(length)
})

describe('a body over the cap', () => {
  const tooLarge = { code: 'ANSWER_TOO_LARGE', outcome: 'unusable', retryable: false } as const

  it('that announces it', async () => {
    const server = await faultServer(answer({ body }))
    const failure = await failureOf(buy(client(server.url, { answerBytes: 200_000 })))
    expect(failure).toMatchObject(tooLarge)
    expect(failure.message).toContain('200000 bytes of limits.answerBytes')
  })

  it('that never ends', async () => {
    const server = await faultServer(flood('{"data":[{"b64_json":"', 'QUJD'.repeat(4096)))
    const failure = await failureOf(buy(client(server.url, { answerBytes: 500_000 })))
    expect(failure).toMatchObject(tooLarge)
  })
})

it('does not follow a redirect to another origin with the key', async () => {
  const elsewhere = await faultServer(answer({ body }))
  const location = `${elsewhere.url}/images/generations?secret=1`
  const server = await faultServer(answer({ status: 307, headers: { location } }))
  const failure = await failureOf(buy(client(server.url)))
  expect(failure).toMatchObject({ code: 'REDIRECTED', retryable: false, status: 307 })
  expect(failure.message).toContain(new URL(elsewhere.url).origin)
  expect(failure.message).not.toContain('secret')
  expect(elsewhere.connections).toBe(0)
})
