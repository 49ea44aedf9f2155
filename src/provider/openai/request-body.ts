import { randomUUID } from 'node:crypto'
import type { ParamValue } from '../../manifest/manifest.ts'
import type { ImageRequest } from '../../plan/image-request.ts'
import type { ReferencePicture } from '../../plan/reference-picture.ts'
import type { Preset } from '../presets.ts'

export interface RequestBody {
  readonly contentType: string
  /** In the order in which they are sent. */
  readonly chunks: readonly Uint8Array[]
  /** Bytes of all chunks. */
  readonly length: number
}

/** The body of a request as the API documents it: JSON for generations, multipart for edits. */
export async function encodeRequest(
  request: ImageRequest,
  references: readonly ReferencePicture[],
  preset: Preset,
): Promise<RequestBody> {
  const fields = requestFields(request, preset)
  if (request.endpoint === 'generations') {
    return { contentType: 'application/json', ...measured([Buffer.from(JSON.stringify(fields))]) }
  }
  return encodeMultipart(fields, references)
}

/** Every field is sent explicitly; `params` cannot override what the plugin decides. */
function requestFields(
  { model, prompt, size, params }: ImageRequest,
  preset: Preset,
): Readonly<Record<string, ParamValue>> {
  return {
    ...params,
    model,
    prompt,
    n: 1,
    size,
    ...(preset.sendsResponseFormat ? { response_format: 'b64_json' } : {}),
    output_format: 'png',
  }
}

async function encodeMultipart(
  fields: Readonly<Record<string, ParamValue>>,
  references: readonly ReferencePicture[],
): Promise<RequestBody> {
  const boundary = `imagegen-${randomUUID()}`
  const chunks: Uint8Array[] = []
  const part = (disposition: string, content: Uint8Array, type?: string): void => {
    const lines = [`--${boundary}`, `Content-Disposition: form-data; ${disposition}`]
    if (type) lines.push(`Content-Type: ${type}`)
    chunks.push(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), content, Buffer.from('\r\n'))
  }
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null) part(`name="${quoted(name)}"`, Buffer.from(String(value)))
  }
  // One reference is `image`, several are repeated `image[]`.
  const name = references.length === 1 ? 'image' : 'image[]'
  for (const reference of references) {
    const disposition = `name="${name}"; filename="${quoted(reference.fileName)}"`
    part(disposition, await reference.bytes(), reference.type)
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`))
  return { contentType: `multipart/form-data; boundary=${boundary}`, ...measured(chunks) }
}

/** As browsers write names: UTF-8, with what would end the quotes or the line percent-encoded. */
function quoted(name: string): string {
  return name.replace(/["\r\n]/g, encodeURIComponent)
}

function measured(chunks: readonly Uint8Array[]): Pick<RequestBody, 'chunks' | 'length'> {
  return { chunks, length: chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0) }
}
