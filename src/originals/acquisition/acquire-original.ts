import { CorruptOriginalError, NewerVersionError } from '../../errors/index.ts'
import { formatImageId } from '../../manifest/image-id.ts'
import { AttemptError } from '../../provider/attempt-error.ts'
import type { Lease, ReleaseOptions } from '../leases/lease.ts'
import type { Original } from '../original.ts'
import { type Acquisition, describeAcquired } from './acquisition.ts'
import type { Acquired } from './order.ts'
import type { Permit } from './pacing/pacer.ts'
import { requestOriginal } from './request/request-original.ts'
import { enterQueue, stoppedByUnusable, stoppedWhileWaiting } from './stopped.ts'

/**
 * The original of one order, wherever it comes from: the store, another process that generates it
 * just now, an earlier run's answer, or a request.
 */
export async function acquireOriginal(acquisition: Acquisition): Promise<Acquired> {
  const { deps, number } = acquisition
  const cached = await findOriginal(acquisition)
  if (cached) return describeAcquired(acquisition, cached, 'cached')
  acquisition.emit({ type: 'state', status: { state: 'queued' } })
  for (;;) {
    const admitted = await enterQueue(acquisition, signal => deps.admission.enter(signal, number))
    const acquired = await acquireAdmitted(acquisition, admitted)
    if (acquired) return acquired
  }
}

/** Gives undefined when the lease was lost, and nothing came of it. */
async function acquireAdmitted(
  acquisition: Acquisition,
  admitted: Permit,
): Promise<Acquired | undefined> {
  let lease: Lease | undefined
  let end: ReleaseOptions = {}
  try {
    lease = await waitForLease(acquisition, admitted)
    const acquired = await acquireLeased(acquisition, lease, admitted)
    if (acquired) end = { settled: true, committed: true }
    return acquired
  } catch (error) {
    end = { settled: isSettled(error, acquisition) }
    // A lost lease means that somebody else may have it, whatever went wrong here.
    const adopted = lease?.lost.aborted && (await findOriginal(acquisition).catch(() => undefined))
    if (!adopted) throw error
    return describeAcquired(acquisition, adopted, 'adopted')
  } finally {
    admitted.release()
    await lease?.release(end)
  }
}

/** @param lease undefined when the original arrived while another process held it */
async function acquireLeased(
  acquisition: Acquisition,
  lease: Lease | undefined,
  admitted: Permit,
): Promise<Acquired | undefined> {
  // Whoever held the lease before may have committed it just now.
  const adopted = await findOriginal(acquisition)
  if (adopted) return describeAcquired(acquisition, adopted, 'adopted')
  return lease && requestOriginal({ acquisition, lease, admitted })
}

/** Whether a failure leaves nothing behind that may have been billed. */
function isSettled(error: unknown, { counts }: Acquisition): boolean {
  return (
    error instanceof AttemptError && error.outcome !== 'uncertain' && counts.doubtful.size === 0
  )
}

/**
 * @throws CorruptOriginalError: a damaged original is not generated again on its own
 * @throws UnusableAnswerError: neither is one whose answer was no picture
 */
async function findOriginal({ deps, order, again }: Acquisition): Promise<Original | undefined> {
  const found = await deps.store.find(order)
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
  acquisition: Acquisition,
  admitted: Permit,
): Promise<Lease | undefined> {
  const { deps, order, queueSignal, counts, emit } = acquisition
  const { leases, store, clock } = deps
  let began: number | undefined
  try {
    return await leases.acquire(order.key, {
      signal: queueSignal,
      arrived: async () => (await store.status(order.key)).state === 'ready',
      onWait: holder => {
        began ??= clock.now()
        admitted.release()
        emit({ type: 'state', status: { state: 'waiting', holder } })
      },
    })
  } catch (error) {
    throw queueSignal.aborted ? stoppedWhileWaiting(acquisition) : error
  } finally {
    if (began !== undefined) counts.waited += clock.now() - began
  }
}
