import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

export interface RecordedFile {
  /** `image` or `image[]`. */
  readonly field: string
  readonly name: string
  readonly type: string
  /** SHA-256 in hexadecimal. */
  readonly digest: string
  readonly bytes: Buffer
}

/** A request as it came. */
export interface RecordedRequest {
  /** Counts from 1. */
  readonly index: number
  readonly method: string
  /** `/v1/images/generations` */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Of `Idempotency-Key`. */
  readonly requestId: string | undefined
  /** Fields of the JSON body, or of the multipart form, where every value is text. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly files: readonly RecordedFile[]
  /** Empty when there was none. */
  readonly prompt: string
  /** Faults in the form of the body. */
  readonly malformed: string | undefined
  readonly time: Date
}

export async function readRequest(
  incoming: IncomingMessage,
  nextIndex: () => number,
): Promise<RecordedRequest> {
  const time = new Date()
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const { headers, method = '', url = '' } = incoming
  const { fields, files, malformed } = await parseBody(
    headers['content-type'] ?? '',
    Buffer.concat(chunks),
  )
  const requestId = headers['idempotency-key']
  return {
    index: nextIndex(),
    method,
    path: url,
    headers,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    fields,
    files,
    prompt: typeof fields.prompt === 'string' ? fields.prompt : '',
    malformed,
    time,
  }
}

type Body = Pick<RecordedRequest, 'fields' | 'files' | 'malformed'>

async function parseBody(type: string, bytes: Buffer): Promise<Body> {
  try {
    if (type.startsWith('application/json')) {
      const fields: unknown = JSON.parse(bytes.toString())
      const isObject = typeof fields === 'object' && fields !== null && !Array.isArray(fields)
      if (isObject) return { fields: { ...fields }, files: [], malformed: undefined }
      return { fields: {}, files: [], malformed: 'The body is no JSON object.' }
    }
    if (type.startsWith('multipart/form-data')) return await parseForm(type, bytes)
  } catch (problem) {
    return { fields: {}, files: [], malformed: `The body cannot be parsed: ${String(problem)}` }
  }
  return { fields: {}, files: [], malformed: undefined }
}

async function parseForm(type: string, bytes: Buffer): Promise<Body> {
  const form = await new Response(new Uint8Array(bytes), {
    headers: { 'content-type': type },
  }).formData()
  const fields: Record<string, unknown> = {}
  const files: RecordedFile[] = []
  for (const [field, value] of form) {
    if (typeof value === 'string') {
      fields[field] = value
      continue
    }
    const content = Buffer.from(await value.arrayBuffer())
    const digest = createHash('sha256').update(content).digest('hex')
    files.push({ field, name: value.name, type: value.type, digest, bytes: content })
  }
  return { fields, files, malformed: undefined }
}
