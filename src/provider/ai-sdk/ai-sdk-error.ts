import { isRecord } from '../../system/is-record.ts'
import { AttemptError, type AttemptErrorOptions } from '../attempt-error.ts'
import { parseRetryAfter } from '../connection/retry-after.ts'
import { PRESETS } from '../presets.ts'

/** Of the SDK: thrown before anything is sent. */
const UNSENT =
  /^AI_(?:LoadAPIKey|LoadSetting|InvalidArgument|InvalidPrompt|UnsupportedFunctionality|NoSuchModel)Error$/

/** Of the system: no connection came about. */
const UNCONNECTED =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT)$/

const UNREADABLE = /^AI_(?:JSONParse|TypeValidation|InvalidResponseData|EmptyResponseBody)Error$/

const NO_CREDIT = /insufficient_(?:user_)?(?:quota|balance|funds)|billing_hard_limit_reached/

/**
 * What an error of the AI SDK says of an attempt, by its status and by whether the SDK would try
 * again. Anything that the SDK does not know is handed on as it is, and counts as uncertain.
 */
export function classifySdkError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AttemptError) return error
  if (UNSENT.test(error.name)) return unsent(error)
  if (error.name !== 'AI_APICallError' || !isRecord(error)) return error
  const { statusCode, isRetryable, responseHeaders, responseBody } = error
  if (typeof statusCode !== 'number') return withoutAnswer(error, isRetryable !== false)
  // A successful answer that cannot be read, or that broke off.
  if (statusCode < 300 && !isUnreadable(error)) return withoutAnswer(error, true)
  const words = `${error.message} ${typeof responseBody === 'string' ? responseBody : ''}`
  const asked = parseRetryAfter(headersOf(responseHeaders), Date.now())
  return new AttemptError(describe(statusCode, error.message), {
    ...verdictOf(statusCode, words, isRetryable !== false),
    status: statusCode,
    cause: error,
    ...(asked !== undefined && { retryAfter: asked }),
  })
}

type Verdict = Pick<AttemptErrorOptions, 'code' | 'outcome' | 'retryable' | 'scope'>

function verdictOf(status: number, words: string, isRetryable: boolean): Verdict {
  if (status < 300) return { code: 'UNREADABLE_ANSWER', outcome: 'unusable' }
  if (status >= 500 || status === 408 || status === 409) {
    return { code: 'SERVER', outcome: 'uncertain', retryable: isRetryable }
  }
  if (status === 402 || NO_CREDIT.test(words)) {
    return { code: 'QUOTA_EXHAUSTED', outcome: 'refused', scope: 'run' }
  }
  if (status === 429) {
    return { code: 'RATE_LIMITED', outcome: 'not-processed', retryable: isRetryable }
  }
  if (status === 425) return { code: 'SERVER', outcome: 'not-processed', retryable: true }
  if (PRESETS.openai.moderation.test(words)) return { code: 'MODERATION', outcome: 'refused' }
  if (status === 401 || status === 403) {
    return { code: 'AUTHENTICATION', outcome: 'refused', scope: 'run' }
  }
  return { code: 'REJECTED', outcome: 'refused' }
}

/** Whether the answer came whole, and the SDK could make nothing of it. */
function isUnreadable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return UNREADABLE.test(error.name) || isUnreadable(error.cause)
}

/** Servers like to quote a key that they refuse. */
function describe(status: number, message: string): string {
  return status === 401 || status === 403
    ? `It answered ${status}. Check the API key and its permissions.`
    : `It answered ${status}: “${message.replace(/[.\s]+$/, '')}”.`
}

function withoutAnswer(error: Error, retryable: boolean): AttemptError {
  const code = findCode(error)
  const isUnsent = code !== undefined && UNCONNECTED.test(code)
  return isUnsent
    ? new AttemptError(`No connection (${code}): nothing was sent. Check the network.`, {
        code: 'NOT_SENT',
        outcome: 'not-processed',
        retryable,
        cause: error,
      })
    : new AttemptError(
        `The connection broke before the answer was complete (${error.message}). The picture may have been made and billed.`,
        { code: 'CONNECTION_LOST', outcome: 'uncertain', retryable, cause: error },
      )
}

/** The system's code, however deep it lies. */
function findCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  const inner = error instanceof AggregateError ? error.errors[0] : undefined
  return findCode(inner) ?? findCode(error.cause)
}

function unsent(error: Error): AttemptError {
  return new AttemptError(`${error.message} Nothing was sent.`, {
    code: 'REJECTED',
    outcome: 'refused',
    scope: error.name.startsWith('AI_Load') ? 'run' : 'image',
    cause: error,
  })
}

function headersOf(headers: unknown): Readonly<Record<string, string>> {
  if (!isRecord(headers)) return {}
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    ),
  )
}
