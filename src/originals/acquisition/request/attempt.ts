import { rm } from 'node:fs/promises'
import type { AttemptError } from '../../../provider/attempt-error.ts'
import type { Provider } from '../../../provider/provider.ts'
import type { AnswerFile } from '../../journal/answer-file.ts'
import type { OpenAttempt, PreparedAttempt } from '../../journal/journal.ts'
import type { Lease } from '../../leases/leases.ts'
import type { Original } from '../../original.ts'
import type { Acquisition, AcquisitionDeps } from '../acquisition.ts'
import { keepPicture } from '../answer/keep-picture.ts'
import { receive } from '../answer/receive.ts'
import {
  answerNotKept,
  asAttemptError,
  nothingSent,
  stoppedWhileWaiting,
  waitTooLong,
} from '../failure.ts'
import type { Permit, RequestPermit } from '../pacing/pacer.ts'
import { planRetry, type RetryDecision } from '../pacing/retry-timing.ts'

/** Progress is told about every so many bytes. */
const PROGRESS_STEP = 256 * 1024

export type AttemptResult =
  | { readonly state: 'committed'; readonly original: Original; readonly first: boolean }
  | FailedAttempt
  | { readonly state: 'lease-lost' }

interface FailedAttempt {
  readonly state: 'failed'
  readonly error: AttemptError
  readonly decision: RetryDecision
}

/** One attempt: under which ID, its number in this call, and how many earlier runs made. */
export interface Turn {
  /** Entered already, but before the first attempt of this call. */
  readonly admission: RequestPermit
  readonly requestId: string
  readonly attempt: number
  readonly earlier: number
}

/** One attempt: noted, sent, its answer kept, proven and committed. */
export async function tryOnce(
  flight: Acquisition,
  lease: Lease,
  place: Permit,
  parts: AcquisitionDeps,
  provider: Provider,
  turn: Turn,
): Promise<AttemptResult> {
  const { requestId, admission } = turn
  const { order, circuit, counts: tally } = flight
  const { journal, pacer } = parts
  const prepared = await prepareAttempt(flight, lease, parts, turn)
  if (!prepared) return { state: 'lease-lost' }
  const { file, attempt } = prepared
  let answerFile: AnswerFile | undefined
  try {
    const reader = await parts.createReader()
    if (turn.attempt === 1) await enterQueue(flight, signal => admission.enter(signal))
    place.release()
    if (lease.lost.aborted) return { state: 'lease-lost' }
    await flight.counter.begin()
    const open = await attempt.begin().catch(error => {
      throw cannotBegin(flight, parts, error)
    })
    // Cleared by somebody else: what there is of the key is looked up again before anything is sent.
    if (!open) return { state: 'lease-lost' }
    tally.attempts += 1
    flight.emit({
      type: 'state',
      status: { state: 'generating', attempt: tally.attempts, requestId },
    })

    let chunks: AsyncIterable<Uint8Array>
    try {
      const { request, references } = order
      chunks = await provider.send({ request, references, requestId, signal: flight.signal })
    } catch (thrown) {
      return await settleFailure(asAttemptError(thrown, flight.signal), open, turn, flight, parts)
    }
    const diskFault = (cause: unknown): Error => {
      tally.doubtful.add(open.name)
      const fault = answerNotKept(order, requestId, journal.folder(order.key), cause)
      circuit.stop(fault)
      return fault
    }
    const keeping = await open.keepAnswer().catch(error => {
      throw diskFault(error)
    })
    answerFile = keeping
    const reception = await receive({
      chunks: parts.answerQueue.join(chunks),
      reader,
      file,
      keep: chunk => keeping.write(chunk),
      onBytes: reportBytes(flight),
      onPicture: () => admission.release(),
    })
    if (reception.keepError !== undefined) throw diskFault(reception.keepError)
    const broken =
      reception.sourceError === undefined || reception.picture
        ? undefined
        : asAttemptError(reception.sourceError, flight.signal)
    if (broken && broken.outcome !== 'unusable') {
      return await settleFailure(broken, open, turn, flight, parts)
    }
    const answer = await keeping.complete().catch(error => {
      throw diskFault(error)
    })
    pacer.speedUp()
    const read = broken ? { decodeError: broken } : reception
    const keepParts = { ...parts, retry: flight.retry, signal: flight.signal }
    const kept = await keepPicture(open, answer, read, keepParts, message =>
      flight.emit({ type: 'warning', message }),
    ).catch(error => {
      circuit.stop(error)
      throw error
    })
    if (kept.state === 'unusable' || kept.state === 'waiting') {
      circuit.failed(order.key, kept.error)
      throw kept.error
    }
    if (kept.state === 'committed') {
      // Somebody else's picture was there first: this one was billed beside it.
      if (!kept.first) tally.doubtful.add(open.name)
      return kept
    }
    if (kept.error.outcome === 'uncertain') tally.doubtful.add(open.name)
    return judge(kept.error, turn, flight, parts)
  } finally {
    await answerFile?.close()
    await attempt.discard()
    await rm(file, { force: true })
  }
}

/** @throws RunStoppedError, AttemptError when the flight was sent away while it waited */
export async function enterQueue<T>(
  flight: Acquisition,
  enter: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await enter(flight.queueSignal)
  } catch (error) {
    throw flight.queueSignal.aborted ? stoppedWhileWaiting(flight) : error
  }
}

/**
 * Whatever can be done before its turn comes. The journal first: an ID that only the lease knows
 * looks like one of another machine.
 * @returns undefined when the lease was lost
 */
async function prepareAttempt(
  flight: Acquisition,
  lease: Lease,
  parts: AcquisitionDeps,
  { requestId, attempt: number, earlier }: Turn,
): Promise<{ readonly file: string; readonly attempt: PreparedAttempt } | undefined> {
  const { key, image, request } = flight.order
  let attempt: PreparedAttempt | undefined
  try {
    const file = await parts.store.temporaryFile()
    const record = { key, requestId, attempt: earlier + number, image, request }
    attempt = await parts.journal.prepare(record)
    await lease.note(requestId)
    return { file, attempt }
  } catch (error) {
    await attempt?.discard()
    if (lease.lost.aborted) return undefined
    throw cannotBegin(flight, parts, error)
  }
}

/** The disk is as bad for whoever is next. */
export function cannotBegin(
  { order, circuit }: Acquisition,
  { journal }: AcquisitionDeps,
  cause: unknown,
): Error {
  const fault = nothingSent(order, journal.folder(order.key), cause)
  circuit.stop(fault)
  return fault
}

/** Notes what a failed attempt means, after everybody who waits has been told to wait or go. */
async function settleFailure(
  error: AttemptError,
  open: OpenAttempt,
  turn: Turn,
  flight: Acquisition,
  parts: AcquisitionDeps,
): Promise<AttemptResult> {
  if (error.outcome === 'uncertain') flight.counts.doubtful.add(open.name)
  const result = judge(error, turn, flight, parts)
  const { outcome, message: problem, code, status } = result.error
  await parts.journal.settle(flight.order.key, open, {
    outcome,
    problem,
    code,
    ...(status !== undefined && { status }),
    quarantined: [],
  })
  return result
}

/** Whether everybody waits, not only the image that met it: then the queue itself is held back. */
export function concernsAll({ code }: AttemptError): boolean {
  return code === 'RATE_LIMITED' || code === 'NOT_SENT'
}

/** Decides what follows, for this image and for whoever waits: before the slot is free for the next. */
function judge(
  thrown: AttemptError,
  { attempt }: Turn,
  { order, circuit, retry }: Acquisition,
  { pacer, random }: AcquisitionDeps,
): FailedAttempt {
  const decision = planRetry(thrown, attempt, retry, random())
  const isTooLong = decision.action === 'give-up' && decision.why === 'wait-too-long'
  const error = isTooLong ? waitTooLong(thrown, retry) : thrown
  if (concernsAll(error)) {
    pacer.slowDown(decision.action === 'wait' ? decision.delay : (error.retryAfter ?? 0))
  }
  if (decision.action === 'give-up' && error.code !== 'ABORTED') circuit.failed(order.key, error)
  return { state: 'failed', error, decision }
}

function reportBytes({ emit, counts: tally }: Acquisition): (bytes: number) => void {
  const attempt = tally.attempts
  let next = 0
  return bytes => {
    if (bytes < next) return
    next = bytes + PROGRESS_STEP
    emit({ type: 'state', status: { state: 'receiving', attempt, bytes } })
  }
}
