import type { Journal } from './journal/journal.ts'
import type { JournalAttempt } from './journal/journal-record.ts'
import type { OriginalEntry } from './original.ts'
import type { OriginalStore } from './store/original-store.ts'
import type { UnusableRecord } from './store/unusable/unusable-record.ts'

/** All that a cache directory knows of requests that were sent. */
export interface History {
  readonly entries: readonly OriginalEntry[]
  /** Attempts of this machine at pictures that did not come, or not yet. */
  readonly attempts: readonly JournalAttempt[]
  /** Answers without a usable picture, of any machine. */
  readonly unusable: readonly UnusableRecord[]
}

/** Reads every entry and every record. @throws StoreError */
export async function readHistory({
  store,
  journal,
}: {
  readonly store: OriginalStore
  readonly journal: Journal
}): Promise<History> {
  const entries: OriginalEntry[] = []
  for await (const { entry } of store.list()) entries.push(entry)
  const attempts: JournalAttempt[] = []
  for (const key of await journal.keys()) attempts.push(...(await journal.read(key)))
  const unusable: UnusableRecord[] = []
  for await (const record of store.unusableRecords()) unusable.push(record)
  return { entries, attempts, unusable }
}
