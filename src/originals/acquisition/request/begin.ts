import type { PreparedAttempt } from '../../journal/prepare-journal-record.ts'
import type { Acquisition } from '../acquisition.ts'
import { enterQueue } from '../stopped.ts'
import type { AttemptSeries, BegunAttempt, WaitingAttempt } from './attempt.ts'
import { nothingSent } from './attempt-failure.ts'

/**
 * Does all that can be done before a permit is given. The journal comes first: an ID that only the
 * lease knows looks like one of another machine.
 * @returns undefined when the lease was lost
 */
export async function prepareAttempt(
  series: AttemptSeries,
  number: number,
): Promise<WaitingAttempt | undefined> {
  const { acquisition, lease, requestId, earlier } = series
  const { store, journal } = acquisition.deps
  const { key, image, request, provider } = acquisition.order
  let prepared: PreparedAttempt | undefined
  try {
    const file = await store.temporaryFile()
    prepared = await journal.prepare({
      key,
      requestId,
      attempt: earlier + number,
      image,
      request,
      ...(provider !== undefined && { provider }),
    })
    await lease.note(requestId)
    return { ...series, number, file, prepared }
  } catch (error) {
    await prepared?.discard()
    if (lease.lost.aborted) return undefined
    throw cannotBegin(acquisition, error)
  }
}

/**
 * Waits until the attempt may be sent, and makes its record durable.
 * @returns undefined when the lease was lost
 */
export async function beginAttempt(waiting: WaitingAttempt): Promise<BegunAttempt | undefined> {
  const { acquisition, lease, admitted, permit, number, prepared } = waiting
  const reader = await acquisition.deps.createReader(acquisition.order)
  if (number === 1) await enterQueue(acquisition, signal => permit.enter(signal))
  admitted.release()
  if (lease.lost.aborted) return undefined
  await acquisition.counter.begin()
  const open = await prepared.begin().catch(error => {
    throw cannotBegin(acquisition, error)
  })
  // Another process has cleared the journal: the key is looked up again before anything is sent.
  return open && { ...waiting, reader, open }
}

/** The disk is as bad for the next acquisition. */
function cannotBegin({ deps, order, circuit }: Acquisition, cause: unknown): Error {
  const fault = nothingSent(order, deps.journal.folder(order.key), cause)
  circuit.stopAll(fault)
  return fault
}
