import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type RecordedRequest, readRequest } from '../api-server/read-request.ts'
import { aPicture } from '../provider/custom/sample-provider.ts'

/** What is wrong with a request, by the gateway's own documentation; undefined when it is good. */
type Check = (request: RecordedRequest) => string | undefined

export interface Gateway {
  readonly origin: string
  readonly requests: readonly RecordedRequest[]
}

const KEY = 'gateway-key-0123'

function unknownFields({ fields }: RecordedRequest, known: readonly string[]): string | undefined {
  const unknown = Object.keys(fields).find(name => !known.includes(name))
  return unknown === undefined ? undefined : `Unknown parameter: '${unknown}'.`
}

/** Deployment in the path, version in the query, key in `api-key`, no `response_format` for gpt-image. */
const azure: Check = request => {
  const { path, headers, fields } = request
  const url = new URL(path, 'http://x')
  const isKnown = /^\/openai\/deployments\/my-images\/images\/(?:generations|edits)$/.test(
    url.pathname,
  )
  if (!isKnown) return 'Resource not found'
  if (!/^\d{4}-\d\d-\d\d(?:-preview)?$/.test(url.searchParams.get('api-version') ?? '')) {
    return 'Missing api-version'
  }
  if (headers['api-key'] !== KEY || headers.authorization !== undefined) return 'Access denied'
  if (!['1024x1024', '1536x1024', '1024x1536'].includes(String(fields.size))) return 'Bad size'
  return unknownFields(request, ['prompt', 'model', 'n', 'size', 'quality', 'output_format'])
}

/** OpenAI's form under a key of its own; the model behind it refuses `response_format`. */
const litellm: Check = request => {
  const { path, headers, fields } = request
  if (!/^\/v1\/images\/(?:generations|edits)$/.test(path)) return 'Not Found'
  if (headers.authorization !== `Bearer ${KEY}`) return 'Authentication Error'
  if (fields.model !== 'gpt-image-1') return 'Invalid model name passed in'
  return unknownFields(request, ['prompt', 'model', 'n', 'size', 'quality', 'output_format'])
}

/** No key; `step` and `mode` beside OpenAI's fields. */
const localai: Check = request => {
  const { path, headers } = request
  if (path !== '/v1/images/generations') return 'Not Found'
  if (headers.authorization !== undefined) return 'No key was expected'
  return unknownFields(request, ['prompt', 'model', 'n', 'size', 'response_format', 'step', 'mode'])
}

/** No key; parameters of diffusion beside OpenAI's fields. */
const vllm: Check = request => {
  const { path, headers, fields } = request
  if (path !== '/v1/images/generations') return 'Not Found'
  if (headers.authorization !== undefined) return 'No key was expected'
  if (fields.response_format !== 'b64_json') return 'Only b64_json is supported'
  const own = ['num_inference_steps', 'guidance_scale', 'seed', 'negative_prompt']
  return unknownFields(request, ['prompt', 'model', 'n', 'size', 'response_format', ...own])
}

const CHECKS: Readonly<Record<string, Check>> = { azure, litellm, localai, vllm }

/**
 * A gateway on this machine, as far as its documentation describes it. None was called itself.
 * @param links answers with the address of a picture, as LocalAI does unless it is asked for base64
 */
export async function startGateway(name: string, { links = false } = {}): Promise<Gateway> {
  const requests: RecordedRequest[] = []
  const picture = await aPicture()

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (incoming.url?.startsWith('/generated-images/')) {
      response.writeHead(200, { 'content-type': 'image/png' }).end(picture)
      return
    }
    const request = await readRequest(incoming, () => requests.length + 1)
    requests.push(request)
    const problem = CHECKS[name]?.(request)
    const link = `http://${incoming.headers.host}/generated-images/b64762071389.png`
    const data = links ? { url: link } : { b64_json: picture.toString('base64') }
    const body =
      problem === undefined ? { created: 1, data: [data] } : { error: { message: problem } }
    response.writeHead(problem === undefined ? 200 : 400, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

export const GATEWAY_KEY = KEY
