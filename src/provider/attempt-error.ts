import { ImagegenError } from '../errors/imagegen-error.ts'

/** What went wrong with an attempt, for programs. */
export type AttemptErrorCode =
  | 'AUTHENTICATION' // 401, 403
  | 'QUOTA_EXHAUSTED' // 429 insufficient_quota, 402
  | 'MODERATION' // the content was refused
  | 'REJECTED' // 400, 404, 422 and other answers that would be the same again
  | 'RATE_LIMITED' // 429
  | 'RETRY_AFTER_TOO_LONG' // 429 or 503 that asks for a longer wait than `maxDelay`
  | 'NOT_SENT' // refused connection, DNS, TLS: no byte of the request went out
  | 'CONNECTION_LOST' // reset after bytes went out
  | 'MALFORMED_ANSWER' // bytes came that are not HTTP
  | 'TIMEOUT'
  | 'SERVER' // 408, 409, 425, 5xx
  | 'REDIRECTED'
  | 'UNREADABLE_ANSWER' // complete, and no picture in it that can be read
  | 'ANSWER_TOO_LARGE'
  | 'DOWNLOAD_FAILED' // the picture was made, but not found at its address
  | 'ABORTED'

/**
 * What an attempt without a picture means for the account:
 * - `not-processed`: certainly nothing was made; asking again costs nothing twice
 * - `uncertain`: the picture may have been made and billed
 * - `refused`: the API refused the request; nothing was made
 * - `unusable`: the answer is complete and may have been billed, but no picture can be read from it;
 *   asking again would bring, and cost, the same
 */
export type AttemptOutcome = 'not-processed' | 'uncertain' | 'refused' | 'unusable'

/** What an attempt's error says beside its message. */
export interface AttemptErrorDetails {
  readonly code: AttemptErrorCode
  readonly outcome: AttemptOutcome
  /** Whether another attempt at the same request can succeed. */
  readonly retryable: boolean
  /** `run`: every other request would fail the same way, so the whole run stops. */
  readonly scope?: 'image' | 'run'
  readonly status?: number
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfter?: number
  readonly cause?: unknown
}

/** What an author of a provider says of an attempt: the rest follows from outcome and status. */
export type AttemptErrorOptions = Omit<AttemptErrorDetails, 'code' | 'retryable'> &
  Partial<Pick<AttemptErrorDetails, 'code' | 'retryable'>>

/** An attempt that brought no picture. The message never contains the API key. */
export class AttemptError extends ImagegenError {
  readonly code: AttemptErrorCode
  readonly outcome: AttemptOutcome
  readonly retryable: boolean
  readonly scope: 'image' | 'run'
  readonly status: number | undefined
  readonly retryAfter: number | undefined

  /**
   * @param details `retryable` is by default what has not been processed or is uncertain; `scope` is
   * `run` for the statuses 401 and 402
   */
  constructor(message: string, details: AttemptErrorOptions) {
    super(message, { cause: details.cause })
    const { outcome, status } = details
    this.code = details.code ?? usualCode(details)
    this.outcome = outcome
    this.retryable = details.retryable ?? (outcome === 'not-processed' || outcome === 'uncertain')
    this.scope = details.scope ?? (status === 401 || status === 402 ? 'run' : 'image')
    this.status = status
    this.retryAfter = details.retryAfter
  }
}

function usualCode({
  outcome,
  status,
  retryAfter,
}: Pick<AttemptErrorDetails, 'outcome' | 'status' | 'retryAfter'>): AttemptErrorCode {
  if (outcome === 'unusable') return 'UNREADABLE_ANSWER'
  if (outcome === 'uncertain') return 'SERVER'
  if (outcome === 'not-processed') {
    return status === 429 || retryAfter !== undefined ? 'RATE_LIMITED' : 'SERVER'
  }
  if (status === 402) return 'QUOTA_EXHAUSTED'
  return status === 401 || status === 403 ? 'AUTHENTICATION' : 'REJECTED'
}
