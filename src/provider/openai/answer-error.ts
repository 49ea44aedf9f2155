import type { ApiSettings } from '../../config/provider/preset.ts'
import { AttemptError, type AttemptErrorDetails } from '../attempt-error.ts'
import { type AnswerHeaders, headerText } from '../connection/answer-headers.ts'
import { parseRetryAfter, parseWaitInText } from '../connection/retry-after.ts'
import type { Scrub } from '../scrub.ts'
import { type ApiFault, readErrorBody } from './api-fault.ts'

export interface AnswerContext {
  /** Where the request went, for messages. */
  readonly label: string
  readonly scrub: Scrub
  /** Matches an error that refuses the content: {@link ApiSettings.moderation}. */
  readonly moderation: RegExp
  /** What a 403 means: {@link ApiSettings.forbidden}. @default 'stop' */
  readonly forbidden?: ApiSettings['forbidden']
}

export interface RefusingAnswer {
  readonly status: number
  readonly headers: AnswerHeaders
  /** As much of the body as was read. */
  readonly body: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** What an answer whose status is not 2xx means. */
export function classifyAnswer(answer: RefusingAnswer, context: AnswerContext): AttemptError {
  const { status, headers, body, now } = answer
  if (status < 400) return redirected(status, headers, context)
  // Scrubbed before it is shortened, which could cut the key in two.
  const fault = readErrorBody(context.scrub(body))
  const asked = parseRetryAfter(headers, now)
  return classifyFault(status, fault, context, asked)
}

/**
 * What an answer with status 200 and `{ "error": … }` instead of a picture means: what the error's
 * own status means. Without such a status the answer is complete all the same, and not asked for again.
 */
export function classifyFaultInside(fault: ApiFault, context: AnswerContext): AttemptError {
  const status = fault.status ?? statusOfWords(fault, context)
  if (status !== undefined) return classifyFault(status, fault, context, undefined)
  return new AttemptError(
    context.scrub(
      `The API at ${context.label} answered 200 with an error instead of a picture${quote(fault)}. The picture may have been made and billed.`,
    ),
    { code: 'UNREADABLE_ANSWER', outcome: 'unusable', retryable: false },
  )
}

function classifyFault(
  status: number,
  fault: ApiFault,
  context: AnswerContext,
  asked: number | undefined,
): AttemptError {
  const verdict = classifyStatus(status, fault, context)
  const words = quote(fault)
  const retryAfter =
    asked ?? (status === 429 && fault.message ? parseWaitInText(fault.message) : undefined)
  const said = context.scrub(`The API at ${context.label} answered ${status}${words}.`)
  const advice = ADVICE[verdict.code] ?? (status === 404 ? adviseNotFound(fault) : '')
  return new AttemptError(`${said} ${advice}`.trimEnd(), {
    ...verdict,
    status,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  })
}

type Verdict = Pick<AttemptErrorDetails, 'code' | 'outcome' | 'retryable' | 'scope'>

/** Only 408, 409, 425, 429 and 5xx are retried, as the API's documentation says. */
function classifyStatus(
  status: number,
  fault: ApiFault,
  { moderation, forbidden }: AnswerContext,
): Verdict {
  if (status >= 500) return { code: 'SERVER', outcome: 'uncertain', retryable: true }
  if (status === 402 || isQuota(fault)) {
    return { code: 'QUOTA_EXHAUSTED', outcome: 'refused', retryable: false, scope: 'run' }
  }
  if (status === 425) return { code: 'SERVER', outcome: 'not-processed', retryable: true }
  if (status === 429) return { code: 'RATE_LIMITED', outcome: 'not-processed', retryable: true }
  if (status === 408 || status === 409) {
    return { code: 'SERVER', outcome: 'uncertain', retryable: true }
  }
  if (moderation.test(wordsOf(fault)) || (status === 403 && forbidden === 'refused'))
    return { code: 'MODERATION', outcome: 'refused', retryable: false }
  if (status === 401 || status === 403) {
    return { code: 'AUTHENTICATION', outcome: 'refused', retryable: false, scope: 'run' }
  }
  return { code: 'REJECTED', outcome: 'refused', retryable: false }
}

const ADVICE: Partial<Record<Verdict['code'], string>> = {
  AUTHENTICATION: 'Check the API key and its permissions.',
  QUOTA_EXHAUSTED:
    'Top up the account, then build again. Pictures that are already generated are kept.',
  MODERATION: 'Change the prompt or the references.',
}

/** An API says of a model that it is unknown; a server has no words about a path. */
function adviseNotFound(fault: ApiFault): string {
  return /model/i.test(wordsOf(fault))
    ? 'Check `model` in the manifest and `provider.model` in the options: this API must have that model.'
    : "Check that `provider.baseURL` ends as in the API's reference, for example in /v1, and check `provider.paths`."
}

const QUOTA =
  /\b(?:insufficient_(?:user_)?(?:quota|balance|funds)|billing_hard_limit_reached|billing_not_active|quota_exceeded)\b/

function isQuota({ code = '', type = '' }: ApiFault): boolean {
  return QUOTA.test(`${code} ${type}`)
}

function wordsOf({ code = '', type = '', message = '' }: ApiFault): string {
  return `${code} ${type} ${message}`
}

/** The status that an error with 200 should have had; undefined when its words don't tell. */
function statusOfWords(fault: ApiFault, { moderation }: AnswerContext): number | undefined {
  if (moderation.test(wordsOf(fault))) return 400
  const words = `${fault.code ?? ''} ${fault.type ?? ''}`
  if (/rate_limit|too_many_requests/.test(words)) return 429
  if (/insufficient_|billing_/.test(words)) return 402
  if (/invalid_api_key|authentication|unauthorized/.test(words)) return 401
  if (/permission/.test(words)) return 403
  if (/invalid_request|invalid_value/.test(words)) return 400
  if (/not_found/.test(words)) return 404
  if (/server_error|internal_error|overloaded|unavailable|bad_gateway|timeout/.test(words))
    return 500
  return undefined
}

function redirected(status: number, headers: AnswerHeaders, context: AnswerContext): AttemptError {
  const target = headerText(headers, 'location')
  const where = target ? ` to ${context.scrub(originOf(target))}` : ''
  return new AttemptError(
    `The API at ${context.label} answered ${status}, a redirect${where}. Redirects are not followed, so that no other server receives the API key. Set \`provider.baseURL\` to the final URL.`,
    { code: 'REDIRECTED', outcome: 'not-processed', retryable: false, scope: 'run', status },
  )
}

/** Without path and query, which may hold secrets. */
function originOf(location: string): string {
  try {
    return new URL(location).origin
  } catch {
    return 'another path of the same server'
  }
}

function quote({ message, code, type }: ApiFault): string {
  const name = code ?? type
  return `${name ? ` (${name})` : ''}${message ? `: “${message.replace(/[.\s]+$/, '')}”` : ''}`
}
