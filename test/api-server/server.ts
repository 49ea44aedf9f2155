import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { checkRequest } from './check-request.ts'
import { drawAnswer } from './drawing/draw-answer.ts'
import { type RecordedRequest, readRequest } from './read-request.ts'
import { Refusal } from './refusal.ts'
import { createScript, type Reply, type ScriptedReplies } from './script.ts'

export interface ApiServerOptions {
  /** The only key that is accepted. @default 'test-key' */
  apiKey?: string
  /** @default a free one */
  port?: number
  /** How long each picture takes, in milliseconds. @default 0 */
  delay?: number
  /**
   * Draws at a fraction of the size that was asked for, for tests that look at no pixels.
   * @default 1
   */
  scale?: number
  /** Answers a repeated `Idempotency-Key` with the first picture instead of making another. @default false */
  idempotent?: boolean
  /** Gives every repetition of a prompt another picture, as the real API does. @default false */
  vary?: boolean
  /** Takes requests of OpenAI itself: `response_format` is refused instead of required. @default false */
  openai?: boolean
  /** @default ['gpt-image-2'] */
  models?: readonly string[]
}

export interface ApiServer extends ScriptedReplies {
  /** The base URL, with `/v1`. */
  readonly url: string
  /** Every request that came, in order, refused ones included. */
  readonly requests: readonly RecordedRequest[]
  /** How many requests came. */
  readonly count: number
  /** How many pictures were made, which a real API would have billed. */
  readonly billed: number
  /** @param milliseconds how long each picture takes from now on */
  setDelay(milliseconds: number): void
  /** Answers nothing until the returned function is called. */
  hold(): () => void
  /** Forgets recorded requests and scripted replies. */
  reset(): void
  close(): Promise<void>
}

/**
 * An image API on loopback that holds its callers to the documents as a strict gateway does,
 * and draws: the same prompt and size give the same picture, an edit shows its references.
 */
export async function createApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const {
    apiKey = 'test-key',
    scale = 1,
    idempotent = false,
    vary = false,
    openai = false,
    models = ['gpt-image-2'],
  } = options
  let delay = options.delay ?? 0
  let billed = 0
  let held: Promise<void> | undefined
  const requests: RecordedRequest[] = []
  const script = createScript()
  const answers = new Map<string, Promise<Buffer>>()
  const drawn = new Map<string, Promise<Buffer>>()
  const closing = new AbortController()

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming, () => requests.length + 1)
    requests.push(request)
    const reply = script.next(request)
    await held
    await pause(reply?.delay ?? delay)
    if (reply?.status !== undefined && reply.status !== 200) return sendReply(response, reply)
    checkRequest(request, { apiKey, openai, models })
    const picture = await make(request)
    if (reply?.drop) {
      response.socket?.resetAndDestroy()
      return
    }
    if (reply?.body !== undefined) return sendReply(response, reply)
    sendReply(response, {
      headers: reply?.headers ?? {},
      body: {
        created: 1_710_000_000 + request.index,
        data: [
          {
            revised_prompt: `Revised: ${request.prompt}`,
            b64_json: (reply?.picture ?? picture).toString('base64'),
          },
        ],
        usage: reply?.usage ?? { total_tokens: 1000, input_tokens: 50, output_tokens: 950 },
      },
    })
  }

  function make(request: RecordedRequest): Promise<Buffer> {
    const { requestId } = request
    const known = idempotent && requestId ? answers.get(requestId) : undefined
    if (known) return known
    billed++
    const earlier = requests.filter(({ prompt }) => prompt === request.prompt).length - 1
    const picture = draw(request, vary ? earlier : 0)
    if (requestId) answers.set(requestId, picture)
    return picture
  }

  /** Drawings by request, since drawing takes a while. */
  function draw(request: RecordedRequest, variation: number): Promise<Buffer> {
    const references = request.files.map(({ digest }) => digest)
    const name = JSON.stringify([request.prompt, request.fields.size, references, variation])
    const picture = drawn.get(name) ?? drawAnswer(request, { scale, variation })
    drawn.set(name, picture)
    return picture
  }

  async function pause(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await wait(milliseconds, undefined, { signal: closing.signal })
  }

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((problem: unknown) => {
      if (closing.signal.aborted) return
      const refusal = problem instanceof Refusal ? problem : Refusal.internal(problem)
      sendReply(response, { status: refusal.status, body: refusal.toJSON() })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    get count() {
      return requests.length
    },
    get billed() {
      return billed
    },
    failNext: script.failNext,
    failWhen: script.failWhen,
    setDelay(milliseconds) {
      delay = milliseconds
    },
    hold() {
      let release = (): void => undefined
      held = new Promise(resolve => {
        release = resolve
      })
      return release
    },
    reset() {
      requests.length = 0
      billed = 0
      answers.clear()
      script.clear()
    },
    async close() {
      closing.abort()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function sendReply(
  response: ServerResponse,
  { status = 200, headers = {}, body = '' }: Reply,
): void {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  const bytes = isRaw ? body : JSON.stringify(body)
  response.writeHead(status, {
    'content-type': isRaw ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': Buffer.byteLength(bytes),
    ...headers,
  })
  response.end(bytes)
}
