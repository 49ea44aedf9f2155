import { explainCertificate } from '../../system/certificate-fault.ts'
import { ProxyRefusalError } from '../../system/proxy/proxy.ts'
import { AttemptError } from '../attempt-error.ts'

/** How far an attempt had come when it failed. */
export interface AttemptProgress {
  /** True once a connection was there and the first byte was about to be written. */
  readonly sent: boolean
  readonly label: string
}

/**
 * An attempt that broke without an answer. As long as no byte of the request went out, certainly
 * nothing was made; after that the picture may have been made and billed.
 */
export function classifyTransport(
  failure: unknown,
  { sent, label }: AttemptProgress,
): AttemptError {
  if (failure instanceof AttemptError) return failure
  const reason = reasonOf(failure)
  if (failure instanceof ProxyRefusalError) {
    return new AttemptError(`${failure.message} Nothing was sent to the API at ${label}.`, {
      code: 'NOT_SENT',
      outcome: 'not-processed',
      // A proxy that cannot reach the API may do so later.
      retryable: failure.status >= 500,
      scope: 'run',
      cause: failure,
    })
  }
  const certificate = sent ? undefined : explainCertificate(failure)
  if (certificate !== undefined) {
    return new AttemptError(
      `No connection to the API at ${label}: nothing was sent. ${certificate}`,
      // Another attempt would meet the same certificate.
      {
        ...{ code: 'NOT_SENT', outcome: 'not-processed', retryable: false, scope: 'run' },
        cause: failure,
      },
    )
  }
  if (!sent) {
    return new AttemptError(
      `No connection to the API at ${label} (${reason}): nothing was sent. Check the network and \`provider.baseURL\`.`,
      { code: 'NOT_SENT', outcome: 'not-processed', retryable: true, cause: failure },
    )
  }
  if (isMalformed(failure)) {
    return new AttemptError(
      `The answer of the API at ${label} is not valid HTTP (${reason}). The picture may have been made and billed. Check whether \`provider.baseURL\` and every proxy on the way speak HTTP/1.1.`,
      { code: 'MALFORMED_ANSWER', outcome: 'uncertain', retryable: false, cause: failure },
    )
  }
  return new AttemptError(
    `The connection to the API at ${label} broke before the answer was complete (${reason}). The picture may have been made and billed.`,
    { code: 'CONNECTION_LOST', outcome: 'uncertain', retryable: true, cause: failure },
  )
}

/** The connection ended within the answer. */
export function cutOff(label: string): AttemptError {
  return new AttemptError(
    `The connection to the API at ${label} ended before the answer was complete. The picture may have been made and billed.`,
    { code: 'CONNECTION_LOST', outcome: 'uncertain', retryable: true },
  )
}

/** Whether the client's parser gave up. A connection that ends within an answer is another case. */
function isMalformed(failure: unknown): boolean {
  if (!(failure instanceof Error)) return false
  const isParser = failure.name === 'HTTPParserError' && !failure.message.includes('EOF')
  return isParser || failure.name === 'HeadersOverflowError' || failure.message === 'bad response'
}

/** An attempt that ended on this side. */
export interface GivenUp extends Pick<AttemptProgress, 'sent'> {
  /** Within a sentence: `the API at https://…`. */
  readonly who: string
}

/**
 * The attempt took too long.
 * @param part which limit it reached
 */
export function timedOut(
  part: 'silence' | 'total',
  milliseconds: number,
  { sent, who }: GivenUp,
): AttemptError {
  const limit = `${milliseconds / 1000} s of \`provider.timeout.${part}\``
  const what = part === 'silence' ? 'sent nothing for' : 'did not answer in full within'
  return sent
    ? new AttemptError(
        `${upperFirst(who)} ${what} the ${limit}. The picture may have been made and billed.`,
        { code: 'TIMEOUT', outcome: 'uncertain', retryable: true },
      )
    : new AttemptError(`No connection to ${who} within the ${limit}: nothing was sent.`, {
        code: 'NOT_SENT',
        outcome: 'not-processed',
        retryable: true,
      })
}

/** The caller gave up the attempt. */
export function abandoned(cause: unknown, { sent, who }: GivenUp): AttemptError {
  const rest = sent ? 'after it was sent: the picture may be made and billed' : 'before it was sent'
  return new AttemptError(`The request to ${who} was cancelled ${rest}.`, {
    code: 'ABORTED',
    outcome: sent ? 'uncertain' : 'not-processed',
    retryable: false,
    cause,
  })
}

/** The answer has, or announces, more than `limit` bytes. Another one would too, at the same cost. */
export function answerTooLarge(limit: number, label: string): AttemptError {
  return new AttemptError(
    `The answer of the API at ${label} is larger than \`limits.answerBytes\` (${limit} bytes). The picture was made and probably billed. Raise the limit before you request it again.`,
    { code: 'ANSWER_TOO_LARGE', outcome: 'unusable', retryable: false },
  )
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function reasonOf(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure)
  const inner = failure instanceof AggregateError ? failure.errors.find(isError) : undefined
  const code = 'code' in failure && typeof failure.code === 'string' ? failure.code : undefined
  const words = failure.message || (isError(inner) ? inner.message : '') || failure.name
  return code && !words.includes(code) ? `${code}: ${words}` : words
}

function isError(value: unknown): value is Error {
  return value instanceof Error
}
