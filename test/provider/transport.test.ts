import { setTimeout as wait } from 'node:timers/promises'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { AttemptErrorDetails } from '../../src/provider/attempt-error.ts'
import type { OpenAICompatibleOptions } from '../../src/provider/openai/openai-compatible.ts'
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
import { anAttempt, failureOf, KEY, requestPicture, testProvider } from './attempts.ts'

const picture = Buffer.alloc(300_000, 'picture')
const body = JSON.stringify({ created: 1, data: [{ b64_json: picture.toString('base64') }] })

/** Milliseconds, for either bound. */
const both = (milliseconds: number) => ({ silence: milliseconds, total: milliseconds })

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
    const failure = await failureOf(requestPicture(client(url)))
    expect(failure).toMatchObject(notSent)
    expect(failure.message).toContain('ECONNREFUSED')
  })

  it('unknown host', async () => {
    const failure = await failureOf(requestPicture(client('https://nowhere.invalid/v1')))
    expect(failure).toMatchObject(notSent)
  })

  it('failed TLS handshake', async () => {
    const server = await faultServer(silence)
    // Plain bytes are an invalid handshake for whoever expects TLS.
    const plain = await faultServer(answer())
    const { port } = new URL(plain.url)
    const failure = await failureOf(
      requestPicture(client(`https://127.0.0.1:${port}/v1`, { timeout: both(300) })),
    )
    expect(failure).toMatchObject(notSent)
    expect(server.requests).toEqual([])
    expect(plain.requests).toEqual([])
  })

  it('given up before it was sent', async () => {
    const server = await faultServer(silence)
    const signal = AbortSignal.abort()
    const failure = await failureOf(requestPicture(client(server.url), anAttempt({}, { signal })))
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
  const failure = await failureOf(requestPicture(client(server.url, { timeout: both(400) })))
  expect(failure).toMatchObject(expected)
  expect(failure.message).not.toContain(KEY)
  expect(server.requests).toHaveLength(1)
})

describe('the two bounds of provider.timeout', () => {
  /** A piece every so many milliseconds. */
  const drip =
    (text: string, pieces: number, pause: number): Fault =>
    async socket => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n`)
      const size = Math.ceil(text.length / pieces)
      for (let at = 0; at < text.length && !socket.destroyed; at += size) {
        await wait(pause)
        socket.write(text.slice(at, at + size))
      }
    }

  it('a steady answer is not cut off, however long it takes', async () => {
    const server = await faultServer(drip(body, 8, 250))
    const bought = await requestPicture(
      client(server.url, { timeout: { silence: 1_000, total: 20_000 } }),
    )
    expect(bought.picture.equals(picture)).toBe(true)
  })

  it('silence ends it', async () => {
    const server = await faultServer(stallInsideBody(body))
    const slow = client(server.url, { timeout: { silence: 500, total: 20_000 } })
    const failure = await failureOf(requestPicture(slow))
    expect(failure).toMatchObject(timeout)
    expect(failure.message).toContain('sent nothing for the 0.5 s of `provider.timeout.silence')
  })

  it('a drip ends with the whole time', async () => {
    const server = await faultServer(drip(body, 1_000, 20))
    const failure = await failureOf(
      requestPicture(client(server.url, { timeout: { silence: 10_000, total: 600 } })),
    )
    expect(failure).toMatchObject(timeout)
    expect(failure.message).toContain('within the 0.6 s of `provider.timeout.total')
  })

  it('a refusal that drips says what it said by then', async () => {
    const server = await faultServer(async socket => {
      socket.write('HTTP/1.1 400 Bad\r\n\r\nNo such size. ')
      while (!socket.destroyed) {
        await wait(20)
        socket.write(' ')
      }
    })
    const slow = client(server.url, { timeout: { silence: 600, total: 20_000 } })
    const failure = await failureOf(requestPicture(slow))
    expect(failure).toMatchObject({ code: 'REJECTED', status: 400 })
    expect(failure.message).toContain('No such size')
  })

  it('nobody who reads slowly is taken for silence', async () => {
    const large = Buffer.alloc(4_000_000, 'x').toString()
    const server = await faultServer(socket =>
      socket.write(
        `HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: ${large.length}\r\n\r\n${large}`,
      ),
    )
    const slow = client(server.url, { timeout: { silence: 1_000, total: 20_000 } })
    let received = 0
    for await (const chunk of await slow.send(anAttempt())) {
      if (received === 0) await wait(2_500)
      received += chunk.byteLength
    }
    expect(received).toBe(large.length)
  })
})

describe('a body that is compressed although that was not requested for', () => {
  const encodings = {
    gzip: gzipSync,
    'x-gzip': gzipSync,
    deflate: deflateSync,
    br: brotliCompressSync,
    'gzip, br': (text: string) => brotliCompressSync(gzipSync(text)),
  }
  const compressed = (encoding: string, bytes: Buffer, length = bytes.length): Fault => {
    const head = `HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${length}\r\n\r\n`
    return socket => socket.end(Buffer.concat([Buffer.from(head), bytes]))
  }

  it.each(Object.entries(encodings))('%s', async (encoding, compress) => {
    const server = await faultServer(compressed(encoding, compress(body)))
    expect((await requestPicture(client(server.url))).picture.equals(picture)).toBe(true)
  })

  it('deflate without its header', async () => {
    const server = await faultServer(compressed('deflate', deflateRawSync(body)))
    expect((await requestPicture(client(server.url))).picture.equals(picture)).toBe(true)
  })

  it('is cut off when HTTP says so', async () => {
    const bytes = gzipSync(body)
    const server = await faultServer(compressed('gzip', bytes.subarray(0, 300), bytes.length))
    expect(await failureOf(requestPicture(client(server.url)))).toMatchObject(lost)
  })

  it.each([
    ['gzip', gzipSync(body).subarray(0, 300), /it is not valid gzip \(unexpected end of file\)/],
    ['br', Buffer.from('garbage, all of it'), /it is not valid br/],
    ['zstd', Buffer.from('whatever'), /its content encoding “zstd” is unknown/],
  ])('is unusable when it is complete and cannot be read (%s)', async (encoding, bytes, words) => {
    const server = await faultServer(compressed(encoding, bytes))
    const failure = await failureOf(requestPicture(client(server.url)))
    expect(failure).toMatchObject(unreadable)
    expect(failure.message).toMatch(words)
  })

  it('has its cap where it is large', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    const server = await faultServer(compressed('gzip', bomb))
    const failure = await failureOf(requestPicture(client(server.url, { answerBytes: 1_000_000 })))
    expect(failure.code).toBe('ANSWER_TOO_LARGE')
  })

  it('may be that of a refusal, of which no more is read than a message needs', async () => {
    const words = gzipSync(`{"error":{"message":"No money","code":"insufficient_quota"}}`)
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 'x'))
    const refusal = (bytes: Buffer): Fault => {
      const head = `HTTP/1.1 400 Bad\r\ncontent-encoding: gzip\r\ncontent-length: ${bytes.length}\r\n\r\n`
      return socket => socket.end(Buffer.concat([Buffer.from(head), bytes]))
    }
    const server = await faultServer(refusal(words), refusal(bomb))
    expect(await failureOf(requestPicture(client(server.url)))).toMatchObject({
      code: 'QUOTA_EXHAUSTED',
    })
    expect((await failureOf(requestPicture(client(server.url)))).message.length).toBeLessThan(500)
  })
})

it('is uncertain when given up after it was sent', async () => {
  const controller = new AbortController()
  const server = await faultServer(() => controller.abort())
  const failure = await failureOf(
    requestPicture(client(server.url), anAttempt({}, { signal: controller.signal })),
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
  const bought = await requestPicture(client(server.url))
  expect(bought.picture.equals(picture)).toBe(true)
  expect(bought.facts.warnings).toHaveLength(1)
})

it('sends nothing anew by itself, and uses no connection twice', async () => {
  const server = await faultServer(answer({ body }))
  const provider = client(server.url)
  for (let i = 0; i < 3; i++) await requestPicture(provider)
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
    const failure = await failureOf(requestPicture(client(server.url, { answerBytes: 200_000 })))
    expect(failure).toMatchObject(tooLarge)
    expect(failure.message).toContain('200000 bytes)')
  })

  it('that never ends', async () => {
    const server = await faultServer(flood('{"data":[{"b64_json":"', 'QUJD'.repeat(4096)))
    const failure = await failureOf(requestPicture(client(server.url, { answerBytes: 500_000 })))
    expect(failure).toMatchObject(tooLarge)
  })
})

it.each([
  ['/v1', '/v1/images/generations'],
  ['/v1/', '/v1/images/generations'],
  ['', '/images/generations'],
  ['/openai/x?api-version=1', '/openai/x/images/generations?api-version=1'],
  ['/v1/images/generations', '/v1/images/generations'],
  ['/v1/images/edits/?a=b', '/v1/images/generations?a=b'],
])('base URL …%s: the request goes to %s', async (base, target) => {
  const server = await faultServer(answer({ body }), answer({ status: 404 }))
  const provider = client(new URL(server.url).origin + base)
  await requestPicture(provider)
  expect(server.requests[0]?.split('\r\n')[0]).toBe(`POST ${target} HTTP/1.1`)
  const { message } = await failureOf(requestPicture(provider))
  expect(message).not.toContain('?')
})

it('does not follow a redirect to another origin with the key', async () => {
  const elsewhere = await faultServer(answer({ body }))
  const location = `${elsewhere.url}/images/generations?secret=1`
  const server = await faultServer(answer({ status: 307, headers: { location } }))
  const failure = await failureOf(requestPicture(client(server.url)))
  expect(failure).toMatchObject({ code: 'REDIRECTED', retryable: false, status: 307 })
  expect(failure.message).toContain(new URL(elsewhere.url).origin)
  expect(failure.message).not.toContain('secret')
  expect(elsewhere.connections).toBe(0)
})
