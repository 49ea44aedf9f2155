import {
  RunStoppedError,
  StoreError,
  UncertainAttemptError,
  UnusableAnswerError,
} from '../../errors/index.ts'
import { formatImageId, type ImageId } from '../../manifest/image-id.ts'
import { AttemptError } from '../../provider/attempt-error.ts'
import { storeFault } from '../../system/system-error.ts'
import type { JournalAttempt, OutcomeRecord } from '../journal/journal-record.ts'
import type { Acquisition } from './acquisition.ts'
import type { Order } from './order.ts'
import type { RetryDecision, RetryPolicy } from './pacing/retry-timing.ts'

type GiveUp = Extract<RetryDecision, { action: 'give-up' }>['why']

/** The failure of an image's last attempt, as its caller sees it. */
export function describeLastFailure(
  error: AttemptError,
  why: GiveUp,
  { order, retry, counts: tally }: Acquisition,
  requestId: string,
): Error {
  const id = formatImageId(order.image)
  if (why === 'uncertain') {
    return new UncertainAttemptError(
      `${id}: ${error.message} ${decide(order, requestId, tally.doubtful.size)}`,
      { requestId, attempts: tally.doubtful.size, cause: error },
    )
  }
  const sentences = [
    `${id}: ${error.message}`,
    why === 'attempts-used' && `That was attempt ${tally.attempts} of ${retry.delays.length + 1}.`,
    tally.doubtful.size > 0 &&
      `${countAttempts(tally.doubtful.size)} under request ID ${requestId} may have been billed; the next run asks again under the same ID.`,
  ]
  return new AttemptError(sentences.filter(Boolean).join(' '), {
    code: error.code,
    outcome: error.outcome,
    retryable: error.retryable,
    scope: error.scope,
    cause: error,
    ...(error.status !== undefined && { status: error.status }),
    ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
  })
}

/** A failure whose server asks for a longer wait than the policy allows: it concerns this image alone. */
export function waitTooLong(error: AttemptError, { maxDelay }: RetryPolicy): AttemptError {
  const { outcome, scope, status, retryAfter = 0 } = error
  return new AttemptError(
    `${error.message} It asks to wait ${seconds(retryAfter)}, longer than the ${seconds(maxDelay)} of retry.maxDelay: build again later, or raise retry.maxDelay.`,
    {
      code: 'RETRY_AFTER_TOO_LONG',
      outcome,
      scope,
      retryable: false,
      retryAfter,
      cause: error,
      ...(status !== undefined && { status }),
    },
  )
}

/** An earlier run left attempts that may have been billed, and the policy is to stop. */
export function stoppedByUncertainty(
  order: Order,
  unresolved: readonly JournalAttempt[],
): UncertainAttemptError {
  const last = unresolved.at(-1)
  const requestId = last?.record.requestId ?? ''
  const attempts = unresolved.length
  const problem = last?.outcome
    ? last.outcome.problem
    : `An earlier run sent ${countAttempts(attempts)} and did not live to see an answer.`
  return new UncertainAttemptError(
    `${formatImageId(order.image)}: ${problem} ${decide(order, requestId, attempts)}`,
    { requestId, attempts },
  )
}

/** An earlier answer was no usable picture: nothing is sent. */
export function stoppedByUnusable(
  { image }: Order,
  { problem, requestId }: { readonly problem: string; readonly requestId: string },
): UnusableAnswerError {
  return new UnusableAnswerError(
    `${formatImageId(image)}: It was requested before. ${problem} ${adviseAgain(image)}`,
    { requestId },
  )
}

/** The picture was made, but only its address has come. */
export function downloadWaits(image: ImageId, error: AttemptError): AttemptError {
  return new AttemptError(
    `${formatImageId(image)}: ${error.message} The next run downloads it, without another request.`,
    {
      code: error.code,
      outcome: error.outcome,
      retryable: error.retryable,
      cause: error,
      ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
    },
  )
}

/** An earlier run was refused this very request. */
export function stoppedByRefusal({ image }: Order, { problem, code, status }: OutcomeRecord) {
  return new AttemptError(
    `${formatImageId(image)}: It was requested before. ${problem} ${adviseAgain(image)}`,
    {
      code: code === 'MODERATION' ? 'MODERATION' : 'REJECTED',
      outcome: 'refused',
      retryable: false,
      ...(status !== undefined && { status }),
    },
  )
}

/** What can be done about an answer in quarantine. */
export function adviseRecovery(image: ImageId): string {
  return `\`imagegen recover\` judges it anew without a request, as after an update. ${adviseAgain(image)}`
}

/** How somebody decides that an image is requested once more. */
export function adviseAgain(image: ImageId): string {
  return `It is not requested again unless you say so: \`imagegen generate --again ${formatImageId(image)}\`.`
}

/** A holder that left no journal on this machine had noted a request ID: it may have sent something. */
export function describeOtherMachine({ image }: Order, requestId: string): string {
  return `${formatImageId(image)}: a request may have been sent before under request ID ${requestId}, by a process whose journal is not on this machine, and may have been billed. It is asked for again under the same ID.`
}

/** The same, when the policy is to stop. */
export function stoppedByOtherMachine(order: Order, requestId: string): UncertainAttemptError {
  return new UncertainAttemptError(
    `${formatImageId(order.image)}: a process whose journal is not on this machine was about to send a request, or did. ${decide(order, requestId, 1)}`,
    { requestId, attempts: 1 },
  )
}

function decide({ image }: Order, requestId: string, attempts: number): string {
  return `${countAttempts(attempts)} under request ID ${requestId} may have been billed, and retry.uncertain is "stop": nothing more is sent for it. Ask the API's support what became of that ID, or run \`imagegen generate ${formatImageId(image)} --retry-uncertain\` to ask again.`
}

/** Why a flight that waited was sent away. */
export function stoppedWhileWaiting({ order, signal, circuit, counts: tally }: Acquisition): Error {
  const id = formatImageId(order.image)
  const after = tally.attempts === 0 ? 'was not asked for' : 'was not asked for again'
  const doubt =
    tally.doubtful.size > 0 ? ` ${countAttempts(tally.doubtful.size)} may have been billed.` : ''
  if (signal.aborted || !circuit.cause) {
    return new AttemptError(`${id} ${after}: the run was interrupted.${doubt}`, {
      code: 'ABORTED',
      outcome: tally.doubtful.size > 0 ? 'uncertain' : 'not-processed',
      retryable: true,
      cause: signal.reason,
    })
  }
  return new RunStoppedError(
    `${id} ${after}, because the run was stopped: ${circuit.cause.message}${doubt}`,
    { cause: circuit.cause },
  )
}

/** What a provider threw, as an AttemptError. */
export function asAttemptError(thrown: unknown, signal: AbortSignal): AttemptError {
  if (thrown instanceof AttemptError) return thrown
  const message = signal.aborted
    ? 'The run was interrupted while the request was under way.'
    : `The request failed in an unexpected way: ${thrown instanceof Error ? thrown.message : String(thrown)}`
  return new AttemptError(message, {
    code: signal.aborted ? 'ABORTED' : 'CONNECTION_LOST',
    outcome: 'uncertain',
    retryable: false,
    cause: thrown,
  })
}

/** The journal could not be written before an attempt: nothing was sent. */
export function nothingSent(order: Order, folder: string, cause: unknown): StoreError {
  return because(
    `${formatImageId(order.image)} was not asked for, because its attempt can't be noted in ${folder}`,
    cause,
  )
}

/** The raw answer could not be kept. */
export function answerNotKept(order: Order, requestId: string, folder: string, cause: unknown) {
  return storeFault(
    `${formatImageId(order.image)}: the answer to request ID ${requestId} can't be kept, and may have been billed; what arrived of it is in ${folder}. Nothing else is bought until the disk can be written`,
    cause,
  )
}

/** A whole answer is on disk, but could not become an original. */
export function answerNotCommitted(
  order: Pick<Order, 'image'>,
  answer: string,
  cause: unknown,
): StoreError {
  const { message } = because(
    `${formatImageId(order.image)} was paid for and its answer is kept whole in ${answer}, but it can't be stored as an original`,
    cause,
  )
  return new StoreError(`${message} The next run stores it without another request.`, { cause })
}

/** Says what could not be done for an image, whatever the store has said of its files. */
function because(whatFailed: string, cause: unknown): StoreError {
  if (!(cause instanceof StoreError)) return storeFault(whatFailed, cause)
  return new StoreError(`${whatFailed}: ${cause.message}`, { cause })
}

function countAttempts(count: number): string {
  return count === 1 ? '1 attempt' : `${count} attempts`
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`
}
