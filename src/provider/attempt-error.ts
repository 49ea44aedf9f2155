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

/** An attempt that brought no picture. The message never contains the API key. */
export class AttemptError extends ImagegenError {
  readonly code: AttemptErrorCode
  readonly outcome: AttemptOutcome
  readonly retryable: boolean
  readonly scope: 'image' | 'run'
  readonly status: number | undefined
  readonly retryAfter: number | undefined

  constructor(message: string, details: AttemptErrorDetails) {
    super(message, { cause: details.cause })
    this.code = details.code
    this.outcome = details.outcome
    this.retryable = details.retryable
    this.scope = details.scope ?? 'image'
    this.status = details.status
    this.retryAfter = details.retryAfter
  }
}
