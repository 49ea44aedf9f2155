import { CorruptOriginalError, NewerVersionError } from '../../errors/index.ts'
import { formatImageId } from '../../manifest/image-id.ts'
import { AttemptError } from '../../provider/attempt-error.ts'
import type { Lease, Leases } from '../leases/leases.ts'
import type { Original } from '../original.ts'
import type { Acquisition, AcquisitionDeps } from './acquisition.ts'
import { stoppedByUnusable, stoppedWhileWaiting } from './failure.ts'
import type { Acquired } from './order.ts'
import type { Pacer, Permit } from './pacing/pacer.ts'
import { enterQueue } from './request/attempt.ts'
import { requestOriginal } from './request/request-original.ts'

export interface AcquireDeps extends AcquisitionDeps {
  readonly leases: Leases
  /**
   * Admits those who will be next to send. Who takes a lease long before its turn keeps other
   * processes from buying, and syncs signs of life while others want to sync answers.
   */
  readonly deck: Pacer
}

/**
 * The original of one order, wherever it comes from: the store, whoever is buying it just now, an
 * earlier run's answer, or bought.
 */
export async function acquireOriginal(flight: Acquisition, parts: AcquireDeps): Promise<Acquired> {
  const cached = await lookUp(flight, parts)
  if (cached) return withTally(cached, 'cached', flight)
  flight.emit({ type: 'state', status: { state: 'queued' } })
  for (;;) {
    const place = await enterQueue(flight, signal => parts.deck.enter(signal, flight.number))
    let lease: Lease | undefined
    let settled = false
    try {
      lease = await waitForLease(flight, place, parts)
      // Whoever held the lease before may have committed it just now.
      const adopted = await lookUp(flight, parts)
      settled = adopted !== undefined
      if (adopted) return withTally(adopted, 'adopted', flight)
      const acquired = lease && (await requestOriginal(flight, lease, place, parts))
      settled = acquired !== undefined
      if (acquired) return acquired
    } catch (error) {
      settled = isSettled(error, flight)
      // A lost lease means that somebody else may have it, whatever went wrong here.
      const adopted = lease?.lost.aborted && (await lookUp(flight, parts).catch(() => undefined))
      if (!adopted) throw error
      return withTally(adopted, 'adopted', flight)
    } finally {
      place.release()
      await lease?.release({ settled })
    }
  }
}

/** Whether a failure leaves nothing behind that may have been billed. */
function isSettled(error: unknown, { counts: tally }: Acquisition): boolean {
  return error instanceof AttemptError && error.outcome !== 'uncertain' && tally.doubtful.size === 0
}

/**
 * @throws CorruptOriginalError: what was paid for is not bought again because it is damaged
 * @throws UnusableAnswerError: what was answered is not requested again because it is no picture
 */
async function lookUp(
  { order, again }: Acquisition,
  { store }: AcquireDeps,
): Promise<Original | undefined> {
  const found = await store.find(order)
  if (found.state === 'unusable' && !again) {
    throw stoppedByUnusable(order, {
      problem: found.problem,
      requestId: found.record?.requestId ?? '',
    })
  }
  if (found.state === 'newer') {
    throw new NewerVersionError(`${formatImageId(order.image)}: ${found.problem}`)
  }
  if (found.state === 'corrupt') {
    throw new CorruptOriginalError(`${formatImageId(order.image)}: ${found.problem}`)
  }
  return found.state === 'ready' ? found.original : undefined
}

async function waitForLease(
  flight: Acquisition,
  place: Permit,
  { leases, store, clock }: AcquireDeps,
): Promise<Lease | undefined> {
  const { order, queueSignal, counts: tally } = flight
  let began: number | undefined
  try {
    return await leases.acquire(order.key, {
      signal: queueSignal,
      arrived: async () => (await store.status(order.key)).state === 'ready',
      onWait: holder => {
        began ??= clock.now()
        place.release()
        flight.emit({ type: 'state', status: { state: 'waiting', holder } })
      },
    })
  } catch (error) {
    throw queueSignal.aborted ? stoppedWhileWaiting(flight) : error
  } finally {
    if (began !== undefined) tally.waited += clock.now() - began
  }
}

function withTally(
  original: Original,
  how: 'cached' | 'adopted',
  { counts: tally }: Acquisition,
): Acquired {
  return {
    original,
    how,
    attempts: tally.attempts,
    possiblyBilledTwice: tally.doubtful.size,
    waited: tally.waited,
  }
}
