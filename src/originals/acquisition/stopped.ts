import { RunStoppedError, UncertainAttemptError, UnusableAnswerError } from '../../errors/index.ts'
import { formatImageId } from '../../manifest/image-id.ts'
import { AttemptError } from '../../provider/attempt-error.ts'
import type { JournalAttempt, OutcomeRecord } from '../journal/journal-record.ts'
import type { Acquisition } from './acquisition.ts'
import type { Order } from './order.ts'
import { adviseAgain, adviseUncertain, countAttempts } from './wording.ts'

/** An earlier run left attempts that may have been billed, and the policy is to stop. */
export function stoppedByUncertainty(
  { image }: Order,
  unresolved: readonly JournalAttempt[],
): UncertainAttemptError {
  const last = unresolved.at(-1)
  const requestId = last?.record.requestId ?? ''
  const attempts = unresolved.length
  const problem = last?.outcome
    ? last.outcome.problem
    : `An earlier run sent ${countAttempts(attempts)} and ended before an answer arrived.`
  return new UncertainAttemptError(
    `${formatImageId(image)}: ${problem} ${adviseUncertain(image, requestId, attempts)}`,
    { requestId, attempts },
  )
}

/** The same, when the policy is to ask again. */
export function describeUncertainty(
  { image }: Order,
  unresolved: readonly JournalAttempt[],
): string {
  const last = unresolved.at(-1)
  const many =
    unresolved.length === 1 ? '1 earlier attempt' : `${unresolved.length} earlier attempts`
  const reason = last?.outcome ? ` ${last.outcome.problem}` : ''
  return `${formatImageId(image)}: ${many}, the last under request ID ${last?.record.requestId}, may have been billed without a picture. It is requested again.${reason}`
}

/** A holder without a journal on this machine noted a request ID: it may have sent something. */
export function stoppedByOtherMachine({ image }: Order, requestId: string): UncertainAttemptError {
  return new UncertainAttemptError(
    `${formatImageId(image)}: a process on another machine was about to send a request, or sent one. ${adviseUncertain(image, requestId, 1)}`,
    { requestId, attempts: 1 },
  )
}

/** The same, when the policy is to ask again. */
export function describeOtherMachine({ image }: Order, requestId: string): string {
  return `${formatImageId(image)}: a process on another machine may have sent a request under ID ${requestId}, and it may have been billed. It is requested again under the same ID.`
}

/** An earlier answer was no usable picture: nothing is sent. */
export function stoppedByUnusable(
  { image }: Order,
  { problem, requestId }: { readonly problem: string; readonly requestId: string },
): UnusableAnswerError {
  return new UnusableAnswerError(
    `${formatImageId(image)}: it was requested before. ${problem} ${adviseAgain(image)}`,
    { requestId },
  )
}

/** The API refused this very request in an earlier run: nothing is sent. */
export function stoppedByRefusal(
  { image }: Order,
  { problem, code, status }: OutcomeRecord,
): AttemptError {
  return new AttemptError(
    `${formatImageId(image)}: it was requested before. ${problem} ${adviseAgain(image)}`,
    {
      code: code === 'MODERATION' ? 'MODERATION' : 'REJECTED',
      outcome: 'refused',
      retryable: false,
      ...(status !== undefined && { status }),
    },
  )
}

/** Why an acquisition that waited was sent away. */
export function stoppedWhileWaiting(acquisition: Acquisition): Error {
  const { order, signal, waitSignal, circuit, counts } = acquisition
  const id = formatImageId(order.image)
  const after = counts.attempts === 0 ? 'was not requested' : 'was not requested again'
  const doubts = counts.doubtful.size
  const doubt = doubts > 0 ? ` ${countAttempts(doubts)} may have been billed.` : ''
  if (waitSignal?.aborted && waitSignal.reason instanceof Error) {
    const { reason } = waitSignal
    return new RunStoppedError(`${reason.message}${doubt}`, { cause: reason })
  }
  if (signal.aborted || !circuit.cause) {
    return new AttemptError(`${id} ${after}: the run was interrupted.${doubt}`, {
      code: 'ABORTED',
      outcome: doubts > 0 ? 'uncertain' : 'not-processed',
      retryable: true,
      cause: signal.reason,
    })
  }
  return new RunStoppedError(
    `${id} ${after}, because the run stopped: ${circuit.cause.message}${doubt}`,
    { cause: circuit.cause },
  )
}

/** Waits until a queue lets an acquisition in. @throws what {@link stoppedWhileWaiting} gives */
export async function enterQueue<T>(
  acquisition: Acquisition,
  enter: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { queueSignal } = acquisition
  try {
    return await enter(queueSignal)
  } catch (error) {
    throw queueSignal.aborted ? stoppedWhileWaiting(acquisition) : error
  }
}
