import { randomUUID } from 'node:crypto'
import { formatImageId } from '../../../manifest/image-id.ts'
import { findRefusal, type JournalAttempt, planResumption } from '../../journal/journal-record.ts'
import type { Lease } from '../../leases/leases.ts'
import { type Acquisition, describeAcquired } from '../acquisition.ts'
import { giveUpDownload } from '../answer/keep-answer.ts'
import { recoverAnswer } from '../answer/recover-answer.ts'
import type { Acquired } from '../order.ts'
import {
  describeOtherMachine,
  describeUncertainty,
  stoppedByOtherMachine,
  stoppedByRefusal,
  stoppedByUncertainty,
  stoppedByUnusable,
} from '../stopped.ts'
import type { LeasedAcquisition } from './attempt.ts'

/** What earlier attempts at a key come to. */
export type Resumed =
  | { readonly state: 'recovered'; readonly acquired: Acquired }
  /** `earlier`: attempts of earlier runs; the next ones go on with `requestId`. */
  | { readonly state: 'open'; readonly requestId: string; readonly earlier: number }

/** @throws when an earlier attempt forbids another request */
export async function resumeEarlier({ acquisition, lease }: LeasedAcquisition): Promise<Resumed> {
  const { journal } = acquisition.deps
  const { key } = acquisition.order
  const attempts = await journal.read(key)
  const otherId = findOtherMachineId(lease, await journal.knows(key), attempts)
  const acquired = await recoverEarlier(acquisition, attempts)
  if (acquired) return { state: 'recovered', acquired }

  // Read again: an answer that could not be recovered has an outcome now.
  const past = await journal.read(key)
  if (!acquisition.again) assertOpen(acquisition, past)
  const { unresolved, requestId: ownId } = planResumption(past)
  countUncertain(acquisition, unresolved)
  if (otherId !== undefined) countOtherMachine(acquisition, otherId)
  // Where only the other machine's attempt is in doubt, its ID is the one that may be answered.
  const isOwn = unresolved.length > 0 || otherId === undefined
  const requestId = (isOwn ? ownId : undefined) ?? otherId ?? randomUUID()
  return { state: 'open', requestId, earlier: attempts.length }
}

/** A request ID of a holder whose attempts are not in this machine's journal. */
function findOtherMachineId(
  { inheritedRequestId, otherMachineRequestId }: Lease,
  isKnown: boolean,
  attempts: readonly JournalAttempt[],
): string | undefined {
  const id = otherMachineRequestId ?? (isKnown ? undefined : inheritedRequestId)
  return attempts.some(({ record }) => record.requestId === id) ? undefined : id
}

async function recoverEarlier(
  acquisition: Acquisition,
  attempts: readonly JournalAttempt[],
): Promise<Acquired | undefined> {
  const { deps, retry, signal, again, counts, emit } = acquisition
  const { answered, unresolved } = planResumption(attempts)
  const warn = (message: string) => emit({ type: 'warning', message })
  for (const attempt of answered) {
    const kept = await recoverAnswer(attempt, { ...deps, retry, signal, warn })
    if (kept?.state === 'unusable' && !again) throw kept.error
    if (kept?.state === 'waiting') {
      if (!again) throw kept.error
      await giveUpDownload(attempt, kept.error, deps)
    }
    if (kept?.state !== 'committed') continue
    for (const { name } of unresolved) if (name !== attempt.name) counts.doubtful.add(name)
    await forgetJournal(acquisition)
    return describeAcquired(acquisition, kept.original, 'recovered')
  }
  return undefined
}

/** @throws when an earlier attempt was refused, or answered without a usable picture */
function assertOpen({ order }: Acquisition, past: readonly JournalAttempt[]): void {
  const refusal = findRefusal(past)?.outcome
  if (refusal) throw stoppedByRefusal(order, refusal)
  const last = planResumption(past).unresolved.at(-1)
  if (last?.outcome?.outcome !== 'unusable') return
  // Of a version that kept no record of its own.
  const { problem } = last.outcome
  throw stoppedByUnusable(order, { problem, requestId: last.record.requestId })
}

function countUncertain(
  { order, retry, counts, emit }: Acquisition,
  unresolved: readonly JournalAttempt[],
): void {
  if (unresolved.length === 0) return
  for (const { name } of unresolved) counts.doubtful.add(name)
  if (retry.uncertain === 'stop') throw stoppedByUncertainty(order, unresolved)
  emit({ type: 'warning', message: describeUncertainty(order, unresolved) })
}

function countOtherMachine({ order, retry, counts, emit }: Acquisition, requestId: string): void {
  counts.doubtful.add(requestId)
  if (retry.uncertain === 'stop') throw stoppedByOtherMachine(order, requestId)
  emit({ type: 'warning', message: describeOtherMachine(order, requestId) })
}

/** The original is safe by now: a later run clears what stays of the journal. */
export async function forgetJournal({ deps, order, emit }: Acquisition): Promise<void> {
  const { journal } = deps
  try {
    await journal.clear(order.key)
  } catch (error) {
    emit({
      type: 'warning',
      message: `${formatImageId(order.image)}: its journal ${journal.folder(order.key)} can't be cleared: ${error instanceof Error ? error.message : String(error)}`,
    })
  }
}
