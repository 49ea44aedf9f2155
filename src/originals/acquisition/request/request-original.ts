import { BudgetError } from '../../../errors/budget-error.ts'
import type { AttemptError } from '../../../provider/attempt-error.ts'
import type { Provider } from '../../../provider/provider.ts'
import { type Acquisition, describeAcquired } from '../acquisition.ts'
import type { Acquired } from '../order.ts'
import { createRequestPermit } from '../pacing/pacer.ts'
import { stoppedWhileWaiting } from '../stopped.ts'
import type { AttemptResult, AttemptSeries, FailedAttempt, LeasedAcquisition } from './attempt.ts'
import { describeLastFailure, withoutRetry } from './attempt-failure.ts'
import { makeAttempt } from './make-attempt.ts'
import { forgetJournal, resumeEarlier } from './resume-earlier.ts'
import { concernsAll } from './settle.ts'

/**
 * Brings the original of a key that the store does not have: from an earlier run's answer, or by
 * requesting it. Gives undefined when the lease was lost before there was an answer.
 */
export async function requestOriginal(leased: LeasedAcquisition): Promise<Acquired | undefined> {
  const { acquisition } = leased
  const resumed = await resumeEarlier(leased)
  if (resumed.state === 'recovered') return resumed.acquired
  const provider = await openProvider(acquisition)
  const permit = createRequestPermit(acquisition.deps.pacer, acquisition.number)
  const { requestId, earlier } = resumed
  try {
    return await attemptUntilDecided({ ...leased, provider, permit, requestId, earlier })
  } finally {
    permit.release()
  }
}

async function openProvider({ deps, circuit }: Acquisition): Promise<Provider> {
  try {
    await deps.preflight().catch(error => {
      circuit.stopAll(error)
      throw error
    })
    return await deps.provider()
  } catch (error) {
    if (error instanceof Error) circuit.stop(error)
    throw error
  }
}

async function attemptUntilDecided(series: AttemptSeries): Promise<Acquired | undefined> {
  const { acquisition, lease } = series
  let failed: AttemptError | undefined
  for (let number = 1; ; number += 1) {
    const result = await makeCountedAttempt(series, number, failed)
    if (result.state === 'lease-lost') return undefined
    if (result.state === 'committed') {
      acquisition.circuit.succeeded()
      // Whoever took the lease over may be writing to the folder.
      if (!lease.lost.aborted) await forgetJournal(acquisition)
      const how = result.first ? 'generated' : 'adopted'
      return describeAcquired(acquisition, result.original, how)
    }
    await waitForRetry(series, result, number + 1)
    if (lease.lost.aborted) return undefined
    failed = result.error
  }
}

/**
 * One attempt, which counts unless it was not sent or certainly not billed.
 * @param last what the attempt before ended with
 */
async function makeCountedAttempt(
  series: AttemptSeries,
  number: number,
  last: AttemptError | undefined,
): Promise<AttemptResult> {
  const { counts, counter, circuit, order } = series.acquisition
  const before = counts.attempts
  let isBilled = true
  try {
    const result = await makeAttempt(series, number)
    isBilled = result.state !== 'failed' || !isFree(result.error)
    return result
  } catch (error) {
    if (!last || !(error instanceof BudgetError)) throw error
    // The last attempt counts as if all had been made: others would only meet the same.
    circuit.failed(order.key, last)
    throw withoutRetry(error, last)
  } finally {
    if (!isBilled || counts.attempts === before) await counter.undo()
  }
}

function isFree({ outcome }: AttemptError): boolean {
  return outcome === 'not-processed' || outcome === 'refused'
}

/** @throws the failure, as its caller sees it, when no attempt follows */
async function waitForRetry(
  series: AttemptSeries,
  { error, decision }: FailedAttempt,
  next: number,
): Promise<void> {
  if (decision.action === 'give-up') throw describeLastFailure(error, decision.why, series)
  const { acquisition, lease, permit } = series
  const { deps, counts, queueSignal, retry } = acquisition
  const { delay } = decision
  const problem = `${error.message} Attempt ${next} of ${retry.delays.length + 1} follows in ${(delay / 1_000).toFixed(1)} s.`
  acquisition.emit({
    type: 'state',
    status: { state: 'retrying', attempt: next, delay, problem },
  })
  const began = deps.clock.now()
  try {
    const signal = AbortSignal.any([queueSignal, lease.lost])
    // Where all are held back, this one waits as the first of them.
    await permit.enter(signal, concernsAll(error) ? 0 : delay)
  } catch (thrown) {
    if (queueSignal.aborted) throw stoppedWhileWaiting(acquisition)
    if (!lease.lost.aborted) throw thrown
  } finally {
    counts.waited += deps.clock.now() - began
  }
}
