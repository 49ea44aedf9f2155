import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { formatImageId } from '../manifest/image-id.ts'
import type { AttemptError } from '../provider/attempt-error.ts'
import type { Provider } from '../provider/provider.ts'
import {
  answerNotKept,
  asAttemptError,
  describeFailure,
  describeForeigner,
  nothingSent,
  stoppedByForeigner,
  stoppedByUncertainty,
  stoppedWhileWaiting,
} from './failure.ts'
import type { AnswerFile, OpenAttempt } from './journal.ts'
import { type JournalAttempt, planResumption } from './journal-record.ts'
import { keepPicture } from './keep-picture.ts'
import type { Lease } from './leases.ts'
import type { Original } from './original.ts'
import type { Acquired } from './originals.ts'
import type { Pacer, Slot } from './pacer.ts'
import type { Flight, Parts } from './parts.ts'
import { receive } from './receive.ts'
import { recoverAnswer } from './recover.ts'
import { planRetry, type RetryDecision } from './retry-timing.ts'

/** Progress is told about every so many bytes. */
const PROGRESS_STEP = 256 * 1024

type AttemptResult =
  | { readonly state: 'committed'; readonly original: Original; readonly first: boolean }
  | {
      readonly state: 'failed'
      readonly error: AttemptError
      readonly decision: RetryDecision
    }
  | { readonly state: 'lease-lost' }

/** One attempt: under which ID, its number in this call, and how many earlier runs made. */
interface Turn {
  readonly requestId: string
  readonly attempt: number
  readonly earlier: number
}

/**
 * Brings the original of a key that the store does not have, under a lease for it: from an earlier
 * run's answer, or bought. Gives undefined when the lease was lost before there was an answer.
 * @param place is left once something is under way
 */
export async function purchase(
  flight: Flight,
  lease: Lease,
  place: Slot,
  parts: Parts,
): Promise<Acquired | undefined> {
  const { order, circuit, tally, retry } = flight
  const { journal } = parts
  const attempts = await journal.read(order.key)
  const foreignId = findForeignId(lease, await journal.knows(order.key), attempts)
  const recovered = await recoverEarlier(flight, attempts, parts)
  if (recovered) return recovered

  // Read again: what could not be recovered has an outcome now.
  const history = planResumption(await journal.read(order.key))
  for (const { name } of history.unresolved) tally.doubtful.add(name)
  if (history.unresolved.length > 0) {
    if (retry.uncertain === 'stop') throw stoppedByUncertainty(order, history.unresolved)
    flight.emit({ type: 'warning', message: describeHistory(flight, history.unresolved) })
  }
  if (foreignId !== undefined) {
    tally.doubtful.add(foreignId)
    if (retry.uncertain === 'stop') throw stoppedByForeigner(order, foreignId)
    flight.emit({ type: 'warning', message: describeForeigner(order, foreignId) })
  }
  const provider = await openProvider(flight, parts)
  const requestId = history.requestId ?? foreignId ?? randomUUID()
  try {
    await journal.prepare(order.key)
    await lease.note(requestId)
  } catch (error) {
    if (lease.lost.aborted) return undefined
    const fault = nothingSent(order, journal.folder(order.key), error)
    circuit.stop(fault)
    throw fault
  }

  for (let attempt = 1; ; attempt += 1) {
    const turn = { requestId, attempt, earlier: attempts.length }
    const result = await tryOnce(flight, lease, place, parts, provider, turn)
    if (result.state === 'lease-lost') return undefined
    if (result.state === 'committed') {
      circuit.succeeded()
      // Whoever has taken the lease over may be writing to the folder.
      if (!lease.lost.aborted) await forget(flight, parts)
      return describeBought(result, flight)
    }
    const { error, decision } = result
    if (decision.action === 'give-up') {
      throw describeFailure(error, decision.why, flight, requestId)
    }
    flight.emit({
      type: 'retrying',
      attempt: attempt + 1,
      delay: decision.delay,
      reason: `${error.message} Attempt ${attempt + 1} of ${retry.delays.length + 1} follows in ${(decision.delay / 1_000).toFixed(1)} s.`,
    })
    await waitForRetry(flight, lease, parts, decision.delay)
    if (lease.lost.aborted) return undefined
  }
}

/** A request ID of a holder whose attempts are not in this machine's journal. */
function findForeignId(
  { inheritedRequestId, foreignRequestId }: Lease,
  known: boolean,
  attempts: readonly JournalAttempt[],
): string | undefined {
  const id = foreignRequestId ?? (known ? undefined : inheritedRequestId)
  return attempts.some(({ record }) => record.requestId === id) ? undefined : id
}

/** One attempt: noted, sent, its answer kept, proven and committed. */
async function tryOnce(
  flight: Flight,
  lease: Lease,
  place: Slot,
  parts: Parts,
  provider: Provider,
  turn: Turn,
): Promise<AttemptResult> {
  const { requestId } = turn
  const { order, circuit, tally } = flight
  const { journal, pacer, store } = parts
  const file = await store.temporaryFile()
  const slot = await enterQueue(pacer, flight)
  place.leave()
  let answerFile: AnswerFile | undefined
  try {
    if (lease.lost.aborted) return { state: 'lease-lost' }
    const open = await noteAttempt(flight, parts, turn)
    tally.attempts += 1
    flight.emit({ type: 'sending', attempt: tally.attempts, requestId })

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
      chunks,
      reader: provider.createReader(),
      file,
      keep: chunk => keeping.write(chunk),
      onBytes: reportBytes(flight),
      onEnd: () => slot.leave(),
    })
    if (reception.keepError !== undefined) throw diskFault(reception.keepError)
    if (reception.sourceError !== undefined && !reception.picture) {
      const error = asAttemptError(reception.sourceError, flight.signal)
      return await settleFailure(error, open, turn, flight, parts)
    }
    const answer = await keeping.complete().catch(error => {
      throw diskFault(error)
    })
    pacer.speedUp()
    const kept = await keepPicture(open, answer, reception, parts, message =>
      flight.emit({ type: 'warning', message }),
    ).catch(error => {
      circuit.stop(error)
      throw error
    })
    if (kept.state === 'unusable') throw kept.error
    if (kept.state === 'committed') {
      // Somebody else's picture was there first: this one was billed beside it.
      if (!kept.first) tally.doubtful.add(open.name)
      return kept
    }
    if (kept.error.outcome === 'uncertain') tally.doubtful.add(open.name)
    return judge(kept.error, turn, flight, parts)
  } finally {
    slot.leave()
    await answerFile?.close()
    await rm(file, { force: true })
  }
}

/** @throws RunStoppedError, AttemptError when the flight was sent away while it waited */
export async function enterQueue(queue: Pacer, flight: Flight): Promise<Slot> {
  try {
    return await queue.enter(flight.queueSignal)
  } catch (error) {
    throw flight.queueSignal.aborted ? stoppedWhileWaiting(flight) : error
  }
}

async function noteAttempt(
  { order, circuit }: Flight,
  { journal }: Parts,
  { requestId, attempt, earlier }: Turn,
): Promise<OpenAttempt> {
  const { key, image, request } = order
  try {
    return await journal.begin({ key, requestId, attempt: earlier + attempt, image, request })
  } catch (error) {
    const fault = nothingSent(order, journal.folder(key), error)
    circuit.stop(fault)
    throw fault
  }
}

/** Notes what a failed attempt means, after everybody who waits has been told to wait or go. */
async function settleFailure(
  error: AttemptError,
  open: OpenAttempt,
  turn: Turn,
  flight: Flight,
  parts: Parts,
): Promise<AttemptResult> {
  if (error.outcome === 'uncertain') flight.tally.doubtful.add(open.name)
  const result = judge(error, turn, flight, parts)
  await parts.journal.settle(flight.order.key, open, {
    outcome: error.outcome,
    problem: error.message,
    quarantined: [],
  })
  return result
}

/** Decides what follows, for this image and for whoever waits: before the slot is free for the next. */
function judge(
  error: AttemptError,
  { attempt }: Turn,
  { order, circuit, retry }: Flight,
  { pacer, random }: Parts,
): AttemptResult {
  const decision = planRetry(error, attempt, retry, random())
  if (error.code === 'RATE_LIMITED') {
    const asked = Math.min(error.retryAfter ?? 0, retry.maxDelay)
    pacer.slowDown(decision.action === 'wait' ? decision.delay : asked)
  }
  if (decision.action === 'give-up' && error.code !== 'ABORTED') circuit.failed(order.key, error)
  return { state: 'failed', error, decision }
}

async function recoverEarlier(
  flight: Flight,
  attempts: readonly JournalAttempt[],
  parts: Parts,
): Promise<Acquired | undefined> {
  const { answered, unresolved } = planResumption(attempts)
  for (const attempt of answered) {
    const kept = await recoverAnswer(attempt, parts, message =>
      flight.emit({ type: 'warning', message }),
    )
    if (kept?.state === 'unusable') throw kept.error
    if (kept?.state !== 'committed') continue
    for (const { name } of unresolved) if (name !== attempt.name) flight.tally.doubtful.add(name)
    await forget(flight, parts)
    return { ...describeBought(kept, flight), how: 'recovered' }
  }
  return undefined
}

async function openProvider({ circuit }: Flight, { provider }: Parts): Promise<Provider> {
  try {
    return await provider()
  } catch (error) {
    if (error instanceof Error) circuit.stop(error)
    throw error
  }
}

async function waitForRetry(
  flight: Flight,
  lease: Lease,
  { clock }: Parts,
  delay: number,
): Promise<void> {
  const began = clock.now()
  try {
    await clock.sleep(delay, AbortSignal.any([flight.queueSignal, lease.lost]))
  } catch (error) {
    if (flight.queueSignal.aborted) throw stoppedWhileWaiting(flight)
    if (!lease.lost.aborted) throw error
  } finally {
    flight.tally.waited += clock.now() - began
  }
}

/** The original is safe by now: what stays of the journal is cleared by a later run. */
async function forget({ order, emit }: Flight, { journal }: Parts): Promise<void> {
  try {
    await journal.clear(order.key)
  } catch (error) {
    emit({
      type: 'warning',
      message: `${formatImageId(order.image)}: its journal ${journal.folder(order.key)} can't be cleared: ${error instanceof Error ? error.message : String(error)}`,
    })
  }
}

function describeBought(
  { original, first }: { readonly original: Original; readonly first: boolean },
  { tally }: Flight,
): Acquired {
  return {
    original,
    how: first ? 'bought' : 'adopted',
    attempts: tally.attempts,
    possiblyBilledTwice: tally.doubtful.size,
    waited: tally.waited,
  }
}

function describeHistory({ order }: Flight, unresolved: readonly JournalAttempt[]): string {
  const last = unresolved.at(-1)
  const many =
    unresolved.length === 1 ? '1 earlier attempt' : `${unresolved.length} earlier attempts`
  const reason = last?.outcome ? ` ${last.outcome.problem}` : ''
  return `${formatImageId(order.image)}: ${many}, the last under request ID ${last?.record.requestId}, may have been billed without a picture to show for it, and it is asked for again.${reason}`
}

function reportBytes({ emit }: Flight): (bytes: number) => void {
  let next = 0
  return bytes => {
    if (bytes < next) return
    next = bytes + PROGRESS_STEP
    emit({ type: 'receiving', bytes })
  }
}
