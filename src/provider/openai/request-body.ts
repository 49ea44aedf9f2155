import { randomUUID } from 'node:crypto'
import type { ApiSettings } from '../../config/provider/preset.ts'
import type { ParamValue } from '../../manifest/manifest.ts'
import type { ImageRequest } from '../../plan/image-request.ts'
import type { ReferencePicture } from '../../plan/reference-picture.ts'
import type { Attempt } from '../provider.ts'

export interface RequestBody {
  readonly contentType: string
  /** In the order in which they are sent. */
  readonly chunks: readonly Uint8Array[]
  /** Bytes of all chunks. */
  readonly length: number
}

/** The body of a request as the API documents it: JSON for generations, multipart for edits. */
export async function encodeRequest(
  { request, references, mask }: Pick<Attempt, 'request' | 'references' | 'mask'>,
  settings: Pick<ApiSettings, 'fields'>,
): Promise<RequestBody> {
  const fields = requestFields(request, settings)
  if (request.endpoint === 'generations') {
    return { contentType: 'application/json', ...measured([Buffer.from(JSON.stringify(fields))]) }
  }
  return encodeMultipart(fields, references, mask)
}

/** Every field is sent explicitly; `params` cannot override what the plugin decides. */
function requestFields(
  { model, prompt, size, params }: ImageRequest,
  settings: Pick<ApiSettings, 'fields'>,
): Readonly<Record<string, ParamValue>> {
  return {
    ...params,
    model,
    prompt,
    n: 1,
    size,
    ...Object.fromEntries(Object.entries(settings.fields).filter(([, value]) => value !== null)),
  }
}

async function encodeMultipart(
  fields: Readonly<Record<string, ParamValue>>,
  references: readonly ReferencePicture[],
  mask: ReferencePicture | undefined,
): Promise<RequestBody> {
  const boundary = `imagegen-${randomUUID()}`
  const chunks: Uint8Array[] = []
  const part = (disposition: string, content: Uint8Array, type?: string): void => {
    const lines = [`--${boundary}`, `Content-Disposition: form-data; ${disposition}`]
    if (type) lines.push(`Content-Type: ${type}`)
    chunks.push(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), content, Buffer.from('\r\n'))
  }
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null) part(`name="${quoted(name)}"`, Buffer.from(fieldText(value)))
  }
  // One reference is `image`, several are repeated `image[]`.
  const name = references.length === 1 ? 'image' : 'image[]'
  for (const reference of references) {
    const disposition = `name="${name}"; filename="${quoted(reference.fileName)}"`
    part(disposition, await reference.bytes(), reference.type)
  }
  if (mask) {
    part(`name="mask"; filename="${quoted(mask.fileName)}"`, await mask.bytes(), mask.type)
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`))
  return { contentType: `multipart/form-data; boundary=${boundary}`, ...measured(chunks) }
}

/** Forms know texts only: lists and objects go as JSON. */
function fieldText(value: ParamValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** As browsers write names: UTF-8, with what would end the quotes or the line percent-encoded. */
function quoted(name: string): string {
  return name.replace(/["\r\n]/g, encodeURIComponent)
}

function measured(chunks: readonly Uint8Array[]): Pick<RequestBody, 'chunks' | 'length'> {
  return { chunks, length: chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0) }
}
