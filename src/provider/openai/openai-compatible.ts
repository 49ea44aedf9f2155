import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import type { Client } from 'undici'
import { isLoopback, normalizeBaseURL, parseBaseURL } from '../../config/base-url.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { readAnswerBody } from '../connection/answer-body.ts'
import { openConnection } from '../connection/connection.ts'
import { contentEncodings, decodeContent } from '../connection/content-encoding.ts'
import { type Deadline, startDeadline, type Timeout } from '../connection/deadline.ts'
import { type Answer, exchange } from '../connection/exchange.ts'
import { classifyTransport } from '../connection/transport-error.ts'
import { downloadPicture } from '../download/download.ts'
import type { Preset } from '../presets.ts'
import type { Attempt, Provider } from '../provider.ts'
import { createByteMask, SHORTEST_SECRET } from '../scrub.ts'
import { classifyAnswer } from './answer-error.ts'
import { type OpenAIAnswerOptions, openAIAnswerContext } from './openai-answers.ts'
import { encodeRequest } from './request-body.ts'

export interface OpenAICompatibleOptions extends OpenAIAnswerOptions {
  /** Up to and including `/v1`, perhaps with a query. `http:` only to loopback. */
  readonly baseURL: string
  readonly apiKey: string
  /** How long one attempt may take. */
  readonly timeout: Timeout
}

/** What is read of an answer that brings no picture, in bytes. */
const ERROR_BODY_LIMIT = 64 * 1024

/**
 * A {@link Provider} for APIs in OpenAI's form. It makes single attempts; when and whether to
 * ask again is decided by whoever asks.
 * @throws ConfigError when the key would travel unencrypted, or cannot be sent at all
 */
export function createOpenAICompatibleProvider(options: OpenAICompatibleOptions): Provider {
  const { preset, apiKey, timeout, answerBytes } = options
  const base = parseBaseURL(normalizeBaseURL(options.baseURL))
  checkKey(apiKey, preset, base)
  const context = openAIAnswerContext(options)
  const { label } = context
  const credentials = { authorization: `Bearer ${apiKey}` }
  const connections = new Set<Client>()

  /**
   * A connection for each attempt: one that idled may break just as the request is written, and
   * what certainly cost nothing would become uncertain.
   */
  function connect(origin: string, lookup?: LookupFunction): Client {
    const connectTimeout = Math.min(timeout.silence, timeout.total, 30_000)
    const connection = openConnection(origin, { connectTimeout, ...(lookup && { lookup }) })
    connections.add(connection)
    return connection
  }

  async function disconnect(connection: Client): Promise<void> {
    connections.delete(connection)
    await connection.destroy()
  }

  async function request(
    connection: Client,
    attempt: Attempt,
    deadline: Deadline,
  ): Promise<Answer> {
    const body = await encodeRequest(attempt.request, attempt.references, preset)
    async function* send(): AsyncGenerator<Uint8Array> {
      // The body is asked for when a connection stands, just before the first byte is written.
      deadline.markSent()
      yield* body.chunks
    }
    return exchange(
      connection,
      {
        method: 'POST',
        path: `${base.pathname.replace(/\/$/, '')}/images/${attempt.request.endpoint}${base.search}`,
        headers: {
          ...credentials,
          'content-type': body.contentType,
          'content-length': String(body.length),
          accept: 'application/json',
          'accept-encoding': 'identity',
          'idempotency-key': attempt.requestId,
          'x-client-request-id': attempt.requestId,
          'user-agent': 'unplugin-imagegen',
        },
        body: Readable.from(send(), { objectMode: false }),
      },
      deadline,
    )
  }

  async function send(attempt: Attempt): Promise<AsyncIterable<Uint8Array>> {
    const deadline = startDeadline(timeout, label, attempt.signal)
    const connection = connect(base.origin)
    try {
      const answer = await deadline.race(request(connection, attempt, deadline))
      if (answer.status < 200 || answer.status > 299) {
        const body = await readErrorBody(answer, timeout.silence)
        const { status, headers } = answer
        throw classifyAnswer({ status, headers, body, now: Date.now() }, context)
      }
      return receive(connection, answer, deadline)
    } catch (failure) {
      deadline.end()
      await disconnect(connection)
      throw classifyTransport(failure, { sent: deadline.sent, label })
    }
  }

  async function* receive(
    connection: Client,
    answer: Answer,
    deadline: Deadline,
  ): AsyncGenerator<Uint8Array> {
    try {
      yield* readAnswerBody(answer, { label, answerBytes, apiKey })
    } catch (failure) {
      throw classifyTransport(failure, { sent: true, label })
    } finally {
      deadline.end()
      await disconnect(connection)
    }
  }

  async function* download(link: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const deadline = startDeadline(timeout, label, signal)
    const mask = createByteMask(apiKey)
    const context = { base, credentials, answerBytes, deadline, connect, disconnect }
    try {
      for await (const chunk of downloadPicture(link, context)) yield mask.push(chunk)
      yield mask.end()
    } finally {
      deadline.end()
    }
  }

  return {
    label,
    send,
    download,
    async close() {
      await Promise.all([...connections].map(disconnect))
    },
  }
}

/**
 * The beginning of a refusal. One that breaks off still has a status, which says most.
 * @param patience milliseconds for all of it: a refusal is short
 */
async function readErrorBody({ headers, body }: Answer, patience: number): Promise<string> {
  const until = performance.now() + patience
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of decodeContent(body, contentEncodings(headers))) {
      chunks.push(chunk)
      length += chunk.byteLength
      if (length >= ERROR_BODY_LIMIT || performance.now() > until) break
    }
  } catch {
    // What came before is all there is.
  }
  return Buffer.concat(chunks).toString('utf8', 0, ERROR_BODY_LIMIT)
}

function checkKey(apiKey: string, { apiKeyEnv }: Preset, { hostname }: URL): void {
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new ConfigError(
      `The API key is empty or holds characters that a header cannot carry. Check ${apiKeyEnv}.`,
    )
  }
  if (apiKey.length < SHORTEST_SECRET && !isLoopback(hostname)) {
    throw new ConfigError(
      `The API key in ${apiKeyEnv} has only ${apiKey.length} ${apiKey.length === 1 ? 'character' : 'characters'}. A key has at least ${SHORTEST_SECRET}: a shorter one cannot be told from ordinary words, and so not be masked in messages. Copy the whole key. Only a server on this machine may be given a shorter one.`,
    )
  }
}
