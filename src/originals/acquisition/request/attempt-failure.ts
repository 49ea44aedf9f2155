import { BudgetError } from '../../../errors/budget-error.ts'
import { type StoreError, UncertainAttemptError } from '../../../errors/index.ts'
import { formatImageId } from '../../../manifest/image-id.ts'
import { AttemptError } from '../../../provider/attempt-error.ts'
import { storeFault } from '../../../system/system-error.ts'
import type { Order } from '../order.ts'
import type { RetryDecision, RetryPolicy } from '../pacing/retry-timing.ts'
import { adviseUncertain, countAttempts, imageFault } from '../wording.ts'
import type { AttemptSeries } from './attempt.ts'

type GiveUp = Extract<RetryDecision, { action: 'give-up' }>['why']

/** The failure of an image's last attempt, as its caller sees it. */
export function describeLastFailure(
  error: AttemptError,
  why: GiveUp,
  { acquisition, requestId }: AttemptSeries,
): Error {
  const { order, retry, counts } = acquisition
  const id = formatImageId(order.image)
  const doubts = counts.doubtful.size
  if (why === 'uncertain') {
    return new UncertainAttemptError(
      `${id}: ${error.message} ${adviseUncertain(order.image, requestId, doubts)}`,
      { requestId, attempts: doubts, cause: error },
    )
  }
  const sentences = [
    `${id}: ${error.message}`,
    why === 'attempts-used' && `That was attempt ${counts.attempts} of ${retry.delays.length + 1}.`,
    doubts > 0 &&
      `${countAttempts(doubts)} under request ID ${requestId} may have been billed; the next run asks again under the same ID.`,
  ]
  return new AttemptError(sentences.filter(Boolean).join(' '), {
    ...detailsOf(error),
    code: error.code,
    retryable: error.retryable,
  })
}

/** A failure whose server asks for a longer wait than the policy allows: it concerns this image alone. */
export function waitTooLong(error: AttemptError, { maxDelay }: RetryPolicy): AttemptError {
  return new AttemptError(
    `${error.message} It asks to wait ${seconds(error.retryAfter ?? 0)}, longer than \`retry.maxDelay\` (${seconds(maxDelay)}): build again later, or raise \`retry.maxDelay\`.`,
    { ...detailsOf(error), code: 'RETRY_AFTER_TOO_LONG', retryable: false },
  )
}

function detailsOf(error: AttemptError) {
  const { outcome, scope, status, retryAfter } = error
  return {
    outcome,
    scope,
    cause: error,
    ...(status !== undefined && { status }),
    ...(retryAfter !== undefined && { retryAfter }),
  }
}

/** The budget leaves no room for a retry: the message tells how the last attempt ended, too. */
export function withoutRetry(error: BudgetError, last: AttemptError): BudgetError {
  return new BudgetError(`${error.message} Before that: ${last.message}`, { cause: last })
}

/** What a provider threw, as an AttemptError. */
export function asAttemptError(thrown: unknown, signal: AbortSignal): AttemptError {
  if (thrown instanceof AttemptError) return thrown
  const message = signal.aborted
    ? 'The run was interrupted while the request was under way.'
    : `The request failed unexpectedly: ${thrown instanceof Error ? thrown.message : String(thrown)}`
  return new AttemptError(message, {
    code: signal.aborted ? 'ABORTED' : 'CONNECTION_LOST',
    outcome: 'uncertain',
    retryable: false,
    cause: thrown,
  })
}

/** The journal could not be written before an attempt: nothing was sent. */
export function nothingSent(order: Order, folder: string, cause: unknown): StoreError {
  return imageFault(
    `${formatImageId(order.image)} was not requested, because its attempt can't be recorded in ${folder}`,
    cause,
  )
}

/**
 * The raw answer could not be kept.
 * @param where the attempt's ID, and the journal's folder
 */
export function answerNotKept(
  order: Order,
  { requestId, folder }: { readonly requestId: string; readonly folder: string },
  cause: unknown,
): StoreError {
  return storeFault(
    `${formatImageId(order.image)}: the answer to request ID ${requestId} can't be stored, and may have been billed. The part that arrived is in ${folder}. No more requests are sent until the disk is writable`,
    cause,
  )
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`
}
