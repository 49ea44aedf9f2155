import type { RecordedRequest } from './read-request.ts'
import { Refusal } from './refusal.ts'

export const SIZES: readonly string[] = [
  'auto',
  '1024x1024',
  '1536x1024',
  '1024x1536',
  '1536x1152',
  '1152x1536',
  '2048x2048',
  '2048x1152',
  '3840x2160',
  '2160x3840',
]

const PICTURE_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/webp']

export interface Rules {
  readonly apiKey: string
  readonly openai: boolean
  readonly models: readonly string[]
}

/**
 * Holds a request to the documents, as strictly as a gateway could.
 * @throws Refusal
 */
export function checkRequest(request: RecordedRequest, { apiKey, openai, models }: Rules): void {
  const { method, path, headers, fields, malformed } = request
  const isEdit = path === '/v1/images/edits'
  if (!isEdit && path !== '/v1/images/generations') {
    throw new Refusal(`Invalid URL (${method} ${path})`, { status: 404 })
  }
  if (method !== 'POST') {
    throw new Refusal(`${method} is not allowed here, only POST.`, { status: 405 })
  }
  checkKey(headers.authorization, apiKey)
  checkContentType(headers['content-type'] ?? '', isEdit)
  if (malformed) throw new Refusal(malformed)

  if (typeof fields.prompt !== 'string' || fields.prompt.trim() === '') {
    throw new Refusal('Missing required parameter: prompt.', {
      param: 'prompt',
      code: 'missing_required_parameter',
    })
  }
  checkField(fields, 'model', models)
  checkField(fields, 'n', [isEdit ? '1' : 1])
  checkField(fields, 'size', SIZES)
  checkField(fields, 'output_format', ['png'])
  if (!openai) checkField(fields, 'response_format', ['b64_json'])
  else if ('response_format' in fields) {
    throw new Refusal("Unknown parameter: 'response_format'.", {
      param: 'response_format',
      code: 'unknown_parameter',
    })
  }
  if (isEdit) checkFiles(request)
}

function checkKey(authorization: string | undefined, apiKey: string): void {
  if (authorization === `Bearer ${apiKey}`) return
  throw new Refusal(
    authorization
      ? `Incorrect API key provided: ${authorization.replace(/^Bearer /, '')}.`
      : 'You did not provide an API key in the Authorization header.',
    { status: 401, code: 'invalid_api_key' },
  )
}

function checkContentType(type: string, isEdit: boolean): void {
  const needed = isEdit ? 'multipart/form-data' : 'application/json'
  if (type.split(';')[0]?.trim() === needed) return
  throw new Refusal(`Unsupported content type: '${type}'. Use '${needed}'.`, {
    status: 415,
    code: 'unsupported_content_type',
  })
}

function checkField(
  fields: RecordedRequest['fields'],
  name: string,
  accepted: readonly unknown[],
): void {
  const value = fields[name]
  if (value === undefined) {
    throw new Refusal(`Missing required parameter: ${name}. Send every field explicitly.`, {
      param: name,
      code: 'missing_required_parameter',
    })
  }
  if (!accepted.includes(value)) {
    throw new Refusal(
      `Invalid value: ${JSON.stringify(value)}. Supported values are: ${accepted.map(known => JSON.stringify(known)).join(', ')}.`,
      { param: name, code: 'invalid_value' },
    )
  }
}

function checkFiles({ files: sent }: RecordedRequest): void {
  const files = sent.filter(({ field }) => field !== 'mask')
  if (files.length === 0) {
    throw new Refusal('Missing required parameter: image.', {
      param: 'image',
      code: 'missing_required_parameter',
    })
  }
  const field = files.length === 1 ? 'image' : 'image[]'
  for (const file of files) {
    if (file.field !== field) {
      throw new Refusal(`Use ${field} for ${files.length} reference image(s), not ${file.field}.`, {
        param: file.field,
      })
    }
    if (!PICTURE_TYPES.includes(file.type)) {
      throw new Refusal(
        `Invalid file '${file.name}': unsupported mimetype ('${file.type}'). Supported are ${PICTURE_TYPES.join(', ')}.`,
        { param: field, code: 'unsupported_file_mimetype' },
      )
    }
  }
}
