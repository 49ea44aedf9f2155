import type { Key } from '../../plan/image-request.ts'
import type { KeepDeps } from '../acquisition/answer/keep-answer.ts'
import { recoverAnswer } from '../acquisition/answer/recover-answer.ts'
import { planResumption } from '../journal/journal-record.ts'
import type { Lease, Leases } from '../leases/leases.ts'
import type { Quarantined } from '../original.ts'

export interface RecoverAllDeps extends Omit<KeepDeps, 'provider'> {
  /** Who downloads what an answer only names. */
  readonly providerOf: (name: string | undefined) => KeepDeps['provider']
  readonly leases: Leases
}

export interface Recovered {
  readonly committed: readonly Key[]
  readonly quarantined: readonly Quarantined[]
}

/** `present`: somebody else had committed the key before. */
interface Recovery {
  readonly state: 'committed' | 'present' | 'open'
  readonly quarantined: readonly Quarantined[]
}

/**
 * Commits the answers that earlier runs received and did not commit, and clears the journal of
 * committed keys. Keys that another process is busy with are left to it. An answer that cannot be
 * recovered now is a warning: it stays where it is.
 */
export async function recoverAll(deps: RecoverAllDeps): Promise<Recovered> {
  const committed: Key[] = []
  const quarantined: Quarantined[] = []
  await deps.journal.sweep()
  // Side by side: the lease of a holder that died is waited for, once for all of its keys.
  const recoveries = (await deps.journal.keys()).map(async key => {
    try {
      const found = await recoverKey(key, deps)
      if (found.state === 'committed') committed.push(key)
      quarantined.push(...found.quarantined)
    } catch (error) {
      // An interrupted answer stays where it is, too, and is no news.
      if (deps.signal?.aborted) return
      deps.warn(error instanceof Error ? error.message : String(error))
    }
  })
  await Promise.all(recoveries)
  deps.signal?.throwIfAborted()
  return { committed, quarantined }
}

async function recoverKey(key: Key, deps: RecoverAllDeps): Promise<Recovery> {
  const { journal, store, leases, signal } = deps
  const isReady = async () => (await store.status(key)).state === 'ready'
  // An answer that is whole is about to be committed, or its holder is dead: either ends soon.
  const isWhole = planResumption(await journal.read(key)).answered.some(({ answer }) => answer)
  const lease =
    isWhole && !(await isReady())
      ? await leases.acquire(key, { arrived: isReady, ...(signal && { signal }) })
      : await leaseIfFree(key, leases)
  if (!lease) return { state: 'open', quarantined: [] }
  let recovery: Recovery = { state: 'open', quarantined: [] }
  try {
    recovery = (await isReady())
      ? { state: 'present', quarantined: [] }
      : await commitAnswer(key, deps)
    if (recovery.state !== 'open') await journal.clear(key)
    return recovery
  } finally {
    await lease.release({ committed: recovery.state !== 'open' })
  }
}

/** Commits the first answer of earlier attempts that is a picture. */
async function commitAnswer(key: Key, deps: RecoverAllDeps): Promise<Recovery> {
  const quarantined: Quarantined[] = []
  for (const attempt of planResumption(await deps.journal.read(key)).answered) {
    const provider = deps.providerOf(attempt.record.provider)
    const kept = await recoverAnswer(attempt, { ...deps, provider })
    if (kept?.state === 'committed') return { state: 'committed', quarantined }
    if (kept?.state === 'waiting') deps.warn(kept.error.message)
    if (kept) quarantined.push(...kept.quarantined)
  }
  return { state: 'open', quarantined }
}

/** Undefined when another process holds it. */
export async function leaseIfFree(key: Key, leases: Leases): Promise<Lease | undefined> {
  const busy = new AbortController()
  try {
    return await leases.acquire(key, {
      signal: busy.signal,
      arrived: async () => false,
      onWait: () => busy.abort(),
    })
  } catch (error) {
    if (busy.signal.aborted) return undefined
    throw error
  }
}
