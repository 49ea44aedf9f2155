import { isRecord } from '../../system/is-record.ts'

/** What an API says when it refuses, in the form `{ "error": { message, type, param, code } }`. */
export interface ApiFault {
  readonly message?: string
  readonly type?: string
  readonly code?: string
  readonly param?: string
  /** The HTTP status that a gateway puts inside the body when it hides the real one. */
  readonly status?: number
}

/** The fault that a parsed answer holds, or undefined when there is no `error` in it. */
export function parseApiFault(answer: unknown): ApiFault | undefined {
  if (!isRecord(answer)) return undefined
  const { error } = answer
  if (error === undefined || error === null || error === false) return undefined
  const outer = statusOf(answer.status, answer.status_code, answer.code)
  if (typeof error === 'string') return { message: error, ...outer }
  if (!isRecord(error)) return { message: JSON.stringify(error), ...outer }
  return {
    ...outer,
    ...statusOf(error.status, error.status_code, error.code),
    ...text('message', error.message ?? error.detail),
    ...text('type', error.type),
    ...text('code', error.code),
    ...text('param', error.param),
  }
}

/** The fault in the body of an error status; of any other body, its beginning. */
export function readErrorBody(body: string): ApiFault {
  const start = body.trimStart()
  try {
    const answer: unknown = JSON.parse(start)
    const fault = parseApiFault(answer)
    if (fault) return fault
    if (isRecord(answer)) return text('message', answer.message ?? answer.detail)
  } catch {
    // A proxy's page, for example: its words are shown.
  }
  return text('message', plainText(start))
}

/** Words of a page or a text, short enough for a message. */
export function plainText(body: string): string {
  const words = body
    .replace(/<(script|style)\b[\s\S]*?(?:<\/\1>|$)/gi, ' ')
    .replace(/<[^>]*>?/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return words.length > 300 ? `${words.slice(0, 300)}…` : words
}

function text<Name extends string>(name: Name, value: unknown): { readonly [N in Name]?: string } {
  const isText = (typeof value === 'string' && value.trim() !== '') || typeof value === 'number'
  return (isText ? { [name]: String(value).trim() } : {}) as { readonly [N in Name]?: string }
}

/** The first value that is the status of an error, as a number or as text. */
function statusOf(...values: readonly unknown[]): Pick<ApiFault, 'status'> {
  const status = values.map(Number).find(isErrorStatus)
  return status === undefined ? {} : { status }
}

function isErrorStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 400 && status <= 599
}
