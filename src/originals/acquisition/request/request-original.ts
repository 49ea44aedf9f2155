import { randomUUID } from 'node:crypto'
import { BudgetError } from '../../../errors/budget-error.ts'
import { formatImageId } from '../../../manifest/image-id.ts'
import type { AttemptError } from '../../../provider/attempt-error.ts'
import type { Provider } from '../../../provider/provider.ts'
import { findRefusal, type JournalAttempt, planResumption } from '../../journal/journal-record.ts'
import type { Lease } from '../../leases/leases.ts'
import type { Original } from '../../original.ts'
import type { Acquisition, AcquisitionDeps } from '../acquisition.ts'
import { giveUpDownload } from '../answer/keep-picture.ts'
import { recoverAnswer } from '../answer/recover.ts'
import {
  describeLastFailure,
  describeOtherMachine,
  stoppedByOtherMachine,
  stoppedByRefusal,
  stoppedByUncertainty,
  stoppedByUnusable,
  stoppedWhileWaiting,
} from '../failure.ts'
import type { Acquired } from '../order.ts'
import { createRequestPermit, type Permit } from '../pacing/pacer.ts'
import { type AttemptResult, concernsAll, type Turn, tryOnce } from './attempt.ts'

/**
 * Brings the original of a key that the store does not have, under a lease for it: from an earlier
 * run's answer, or bought. Gives undefined when the lease was lost before there was an answer.
 * @param place is left once something is under way
 */
export async function requestOriginal(
  flight: Acquisition,
  lease: Lease,
  place: Permit,
  parts: AcquisitionDeps,
): Promise<Acquired | undefined> {
  const { order, counts: tally, retry } = flight
  const { journal } = parts
  const attempts = await journal.read(order.key)
  const foreignId = findForeignId(lease, await journal.knows(order.key), attempts)
  const recovered = await recoverEarlier(flight, attempts, parts)
  if (recovered) return recovered

  // Read again: what could not be recovered has an outcome now.
  const past = await journal.read(order.key)
  const refusal = findRefusal(past)?.outcome
  if (refusal && !flight.again) throw stoppedByRefusal(order, refusal)
  const history = planResumption(past)
  const last = history.unresolved.at(-1)
  if (last?.outcome?.outcome === 'unusable' && !flight.again) {
    // Of a version that kept no record of its own.
    const { problem } = last.outcome
    throw stoppedByUnusable(order, { problem, requestId: last.record.requestId })
  }
  for (const { name } of history.unresolved) tally.doubtful.add(name)
  if (history.unresolved.length > 0) {
    if (retry.uncertain === 'stop') throw stoppedByUncertainty(order, history.unresolved)
    flight.emit({ type: 'warning', message: describeHistory(flight, history.unresolved) })
  }
  if (foreignId !== undefined) {
    tally.doubtful.add(foreignId)
    if (retry.uncertain === 'stop') throw stoppedByOtherMachine(order, foreignId)
    flight.emit({ type: 'warning', message: describeOtherMachine(order, foreignId) })
  }
  const provider = await openProvider(flight, parts)
  // Where only the other machine's attempt is in doubt, its ID is the one that may be answered.
  const own = history.unresolved.length > 0 || foreignId === undefined
  const requestId = (own ? history.requestId : undefined) ?? foreignId ?? randomUUID()

  const admission = createRequestPermit(parts.pacer, flight.number)
  try {
    const series = { admission, provider, requestId, earlier: attempts.length }
    return await tryUntilDecided(flight, lease, place, parts, series)
  } finally {
    admission.release()
  }
}

/** What the attempts of one call have in common. */
type Series = Omit<Turn, 'attempt'> & { readonly provider: Provider }

async function tryUntilDecided(
  flight: Acquisition,
  lease: Lease,
  place: Permit,
  parts: AcquisitionDeps,
  { provider, ...series }: Series,
): Promise<Acquired | undefined> {
  const { circuit, retry } = flight
  const { admission, requestId } = series
  let failed: AttemptError | undefined
  for (let attempt = 1; ; attempt += 1) {
    const turn = { ...series, attempt }
    const result = await tryCounted(flight, () =>
      tryOnce(flight, lease, place, parts, provider, turn),
    ).catch(error => {
      throw failed && error instanceof BudgetError ? withoutRetry(error, failed, flight) : error
    })
    if (result.state === 'lease-lost') return undefined
    if (result.state === 'committed') {
      circuit.succeeded()
      // Whoever has taken the lease over may be writing to the folder.
      if (!lease.lost.aborted) await forget(flight, parts)
      return describeBought(result, flight)
    }
    const { error, decision } = result
    failed = error
    if (decision.action === 'give-up') {
      throw describeLastFailure(error, decision.why, flight, requestId)
    }
    flight.emit({
      type: 'state',
      status: {
        state: 'retrying',
        attempt: attempt + 1,
        delay: decision.delay,
        problem: `${error.message} Attempt ${attempt + 1} of ${retry.delays.length + 1} follows in ${(decision.delay / 1_000).toFixed(1)} s.`,
      },
    })
    // Where all are held back, this one waits as the first of them.
    const delay = concernsAll(error) ? 0 : decision.delay
    await waitForRetry(flight, lease, parts, signal => admission.enter(signal, delay))
    if (lease.lost.aborted) return undefined
  }
}

/** What the last attempt ended with counts as if all had: others would only meet the same. */
function withoutRetry(
  error: BudgetError,
  last: AttemptError,
  { order, circuit }: Acquisition,
): Error {
  circuit.failed(order.key, last)
  return new BudgetError(`${error.message} Before that: ${last.message}`, { cause: last })
}

function isFree({ outcome }: AttemptError): boolean {
  return outcome === 'not-processed' || outcome === 'refused'
}

/** One attempt, which counts unless it was not sent or certainly not billed. */
async function tryCounted(
  { counts: tally, counter }: Acquisition,
  attempt: () => Promise<AttemptResult>,
): Promise<AttemptResult> {
  const before = tally.attempts
  let isBilled = true
  try {
    const result = await attempt()
    isBilled = result.state !== 'failed' || !isFree(result.error)
    return result
  } finally {
    if (!isBilled || tally.attempts === before) await counter.undo()
  }
}

/** A request ID of a holder whose attempts are not in this machine's journal. */
function findForeignId(
  { inheritedRequestId, otherMachineRequestId: foreignRequestId }: Lease,
  known: boolean,
  attempts: readonly JournalAttempt[],
): string | undefined {
  const id = foreignRequestId ?? (known ? undefined : inheritedRequestId)
  return attempts.some(({ record }) => record.requestId === id) ? undefined : id
}

async function recoverEarlier(
  flight: Acquisition,
  attempts: readonly JournalAttempt[],
  parts: AcquisitionDeps,
): Promise<Acquired | undefined> {
  const { answered, unresolved } = planResumption(attempts)
  for (const attempt of answered) {
    const { retry, signal } = flight
    const kept = await recoverAnswer(attempt, { ...parts, retry, signal }, message =>
      flight.emit({ type: 'warning', message }),
    )
    if (kept?.state === 'unusable' && !flight.again) throw kept.error
    if (kept?.state === 'waiting') {
      if (!flight.again) throw kept.error
      await giveUpDownload(attempt, kept.error, parts)
    }
    if (kept?.state !== 'committed') continue
    for (const { name } of unresolved) if (name !== attempt.name) flight.counts.doubtful.add(name)
    await forget(flight, parts)
    return { ...describeBought(kept, flight), how: 'recovered' }
  }
  return undefined
}

async function openProvider(
  { circuit }: Acquisition,
  { preflight, provider }: AcquisitionDeps,
): Promise<Provider> {
  try {
    await preflight()
    return await provider()
  } catch (error) {
    if (error instanceof Error) circuit.stop(error)
    throw error
  }
}

async function waitForRetry(
  flight: Acquisition,
  lease: Lease,
  { clock }: AcquisitionDeps,
  enter: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const began = clock.now()
  try {
    await enter(AbortSignal.any([flight.queueSignal, lease.lost]))
  } catch (error) {
    if (flight.queueSignal.aborted) throw stoppedWhileWaiting(flight)
    if (!lease.lost.aborted) throw error
  } finally {
    flight.counts.waited += clock.now() - began
  }
}

/** The original is safe by now: what stays of the journal is cleared by a later run. */
async function forget({ order, emit }: Acquisition, { journal }: AcquisitionDeps): Promise<void> {
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
  { counts: tally }: Acquisition,
): Acquired {
  return {
    original,
    how: first ? 'generated' : 'adopted',
    attempts: tally.attempts,
    possiblyBilledTwice: tally.doubtful.size,
    waited: tally.waited,
  }
}

function describeHistory({ order }: Acquisition, unresolved: readonly JournalAttempt[]): string {
  const last = unresolved.at(-1)
  const many =
    unresolved.length === 1 ? '1 earlier attempt' : `${unresolved.length} earlier attempts`
  const reason = last?.outcome ? ` ${last.outcome.problem}` : ''
  return `${formatImageId(order.image)}: ${many}, the last under request ID ${last?.record.requestId}, may have been billed without a picture to show for it, and it is asked for again.${reason}`
}
