import { Readable } from 'node:stream'
import type { Client } from 'undici'
import { isLoopback, normalizeBaseURL, parseBaseURL } from '../../config/base-url.ts'
import type { ApiSettings } from '../../config/provider/preset.ts'
import { ConfigError } from '../../errors/config-error.ts'
import type { Endpoint } from '../../plan/image-request.ts'
import type { FindProxy } from '../../system/proxy/proxy.ts'
import { readAnswerBody, readStart } from '../connection/answer-body.ts'
import { type Connections, createConnections } from '../connection/connections.ts'
import { type Deadline, startDeadline, type Timeout } from '../connection/deadline.ts'
import { type Answer, exchange } from '../connection/exchange.ts'
import { classifyTransport } from '../connection/transport-error.ts'
import { downloadPicture } from '../download/download.ts'
import type { Attempt, Provider } from '../provider.ts'
import { createByteMask, SHORTEST_SECRET } from '../scrub.ts'
import { type AnswerContext, classifyAnswer } from './answer-error.ts'
import { type OpenAIAnswerOptions, openAIAnswerContext } from './openai-answers.ts'
import { encodeRequest } from './request-body.ts'

export interface OpenAICompatibleOptions extends OpenAIAnswerOptions {
  /** Up to and including `/v1`, perhaps with a query. `http:` only to loopback. */
  readonly baseURL: string
  readonly apiKey: string
  /** How long one attempt may take. */
  readonly timeout: Timeout
  /** @default none */
  readonly findProxy?: FindProxy
}

interface Api {
  readonly options: OpenAICompatibleOptions
  readonly base: URL
  /** The headers that carry the key. */
  readonly credentials: Readonly<Record<string, string>>
  readonly context: AnswerContext
  readonly connections: Connections
}

/** What one attempt uses until its answer has come. */
interface Line {
  readonly connection: Client
  readonly deadline: Deadline
}

/**
 * A {@link Provider} for APIs in OpenAI's form. It makes single attempts; its caller decides
 * whether and when to ask again.
 * @throws ConfigError when the key would travel unencrypted, or cannot be sent at all
 */
export function createOpenAICompatibleProvider(options: OpenAICompatibleOptions): Provider {
  const base = parseBaseURL(normalizeBaseURL(options.baseURL))
  checkKey(options, base)
  const api: Api = {
    options,
    base,
    credentials: credentialsOf(options),
    context: openAIAnswerContext(options),
    connections: createConnections(options.timeout, options.findProxy),
  }
  return {
    label: api.context.label,
    send: attempt => send(api, attempt),
    download: (link, signal) => download(api, link, signal),
    close: () => api.connections.closeAll(),
  }
}

async function send(api: Api, attempt: Attempt): Promise<AsyncIterable<Uint8Array>> {
  const { options, context, connections } = api
  const { label } = context
  const deadline = startDeadline(options.timeout, `the API at ${label}`, attempt.signal)
  const connection = connections.open(api.base.origin)
  const line = { connection, deadline }
  try {
    const answer = await deadline.race(request(api, line, attempt))
    const { status, headers } = answer
    if (status < 200 || status > 299) {
      const body = await readStart(answer, options.timeout.silence)
      throw classifyAnswer({ status, headers, body, now: Date.now() }, context)
    }
    return receive(api, line, answer)
  } catch (failure) {
    deadline.end()
    await connections.close(connection)
    throw classifyTransport(failure, { sent: deadline.sent, label })
  }
}

async function request(
  { options, base, credentials }: Api,
  { connection, deadline }: Line,
  attempt: Attempt,
): Promise<Answer> {
  const body = await encodeRequest(attempt, options.preset)
  async function* write(): AsyncGenerator<Uint8Array> {
    // The client asks for the body once it is connected, just before it writes the first byte.
    deadline.markSent()
    yield* body.chunks
  }
  return exchange(
    connection,
    {
      method: 'POST',
      path: requestPath(base, options.preset, attempt.request.endpoint),
      headers: {
        ...options.preset.headers,
        ...credentials,
        'content-type': body.contentType,
        'content-length': String(body.length),
        accept: 'application/json',
        'accept-encoding': 'identity',
        'idempotency-key': attempt.requestId,
        'x-client-request-id': attempt.requestId,
        'user-agent': 'unplugin-imagegen',
      },
      body: Readable.from(write(), { objectMode: false }),
    },
    deadline,
  )
}

async function* receive(
  { options, context: { label }, connections }: Api,
  { connection, deadline }: Line,
  answer: Answer,
): AsyncGenerator<Uint8Array> {
  const { answerBytes, apiKey } = options
  try {
    yield* readAnswerBody(answer, { label, answerBytes, apiKey })
  } catch (failure) {
    throw classifyTransport(failure, { sent: true, label })
  } finally {
    deadline.end()
    await connections.close(connection)
  }
}

async function* download(
  { options, base, credentials, context, connections }: Api,
  link: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { answerBytes, apiKey, timeout } = options
  const deadline = startDeadline(timeout, `the API at ${context.label}`, signal)
  const mask = createByteMask(apiKey)
  const chunks = downloadPicture(link, { base, credentials, answerBytes, deadline, connections })
  try {
    for await (const chunk of chunks) yield mask.push(chunk)
    yield mask.end()
  } finally {
    deadline.end()
  }
}

function requestPath(base: URL, { paths, query }: ApiSettings, endpoint: Endpoint): string {
  const url = new URL(base)
  url.pathname = `${base.pathname.replace(/\/$/, '')}/${paths[endpoint].replace(/^\/+/, '')}`
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.pathname + url.search
}

function credentialsOf({
  apiKey,
  preset: { authHeader },
}: OpenAICompatibleOptions): Readonly<Record<string, string>> {
  if (authHeader === false) return {}
  const isBearer = authHeader.toLowerCase() === 'authorization'
  return { [authHeader.toLowerCase()]: isBearer ? `Bearer ${apiKey}` : apiKey }
}

function checkKey({ apiKey, preset }: OpenAICompatibleOptions, { hostname }: URL): void {
  const { apiKeyEnv, authHeader } = preset
  if (authHeader === false) return
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new ConfigError(
      `The API key is empty or has characters that a header cannot carry. Check ${apiKeyEnv}.`,
    )
  }
  if (apiKey.length < SHORTEST_SECRET && !isLoopback(hostname)) {
    throw new ConfigError(
      `The API key in ${apiKeyEnv} has only ${apiKey.length} ${apiKey.length === 1 ? 'character' : 'characters'}. A key needs at least ${SHORTEST_SECRET} characters, because a shorter one cannot be masked in messages. Copy the whole key. Shorter keys work only with a server on this machine.`,
    )
  }
}
