import type { Key } from '../plan/image-request.ts'
import type { Journal } from './journal/journal.ts'
import { findRefusal, planResumption } from './journal/journal-record.ts'
import type { OriginalState } from './original.ts'
import type { StoredStatus } from './store/tiers/find-original.ts'

/** The state of a key: what the store says, and of a missing original what its attempts say. */
export async function withAttempts(
  journal: Journal,
  key: Key,
  found: StoredStatus,
): Promise<OriginalState> {
  if (found.state === 'unusable') return { state: 'unusable', problem: found.problem }
  if (found.state !== 'missing') return found
  const attempts = await journal.read(key)
  const refusal = findRefusal(attempts)?.outcome
  if (refusal) return { state: 'refused', problem: refusal.problem }
  const { unresolved } = planResumption(attempts)
  const [first, last] = [unresolved[0], unresolved.at(-1)]
  const { problem } = attempts.at(-1)?.outcome ?? {}
  if (!first || !last) return { ...found, ...(problem !== undefined && { problem }) }
  if (last.outcome?.outcome === 'unusable') {
    return { state: 'unusable', problem: last.outcome.problem }
  }
  return {
    state: 'uncertain',
    requestId: last.record.requestId,
    attempts: unresolved.length,
    since: first.record.time,
    ...(problem !== undefined && { problem }),
  }
}
