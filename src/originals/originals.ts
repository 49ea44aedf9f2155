import type { Key } from '../plan/image-request.ts'
import type { Acquired, AcquireOptions, Order } from './acquisition/order.ts'
import type { Decisions } from './decisions/decisions.ts'
import type { History } from './history.ts'
import type {
  Original,
  OriginalState,
  Quarantined,
  StoredOriginal,
  WantedOriginal,
} from './original.ts'
import type { RecheckedQuarantine, RecheckOptions } from './recovery/recheck-quarantine.ts'
import type { SharedOriginals } from './store/shared/shared-originals.ts'

/**
 * The originals of a cache. All storing goes through here, and only {@link Originals.remove}
 * deletes.
 */
export interface Originals {
  /** The state of a key in the tiers. Verifies its entry and that its blob is there; requests nothing. */
  status(key: Key): Promise<OriginalState>
  /** {@link Originals.status} for a request, whose picture is adopted from its earlier key if need be. */
  find(wanted: WantedOriginal): Promise<OriginalState>
  /**
   * Gives the original of an order: from the cache, from an earlier run's answer on disk, from
   * another process that generates it just now, or by a request. Safe for any number of callers, processes and machines.
   * Once something has gone wrong for the whole run (401, 403, an exhausted quota, a full disk, three
   * images in a row that failed for the same cause), waiting orders are rejected with a
   * RunStoppedError; requests under way come to their end. {@link Originals.beginRun} begins anew.
   * @throws AttemptError, RunStoppedError, UnusableAnswerError, UncertainAttemptError, CorruptOriginalError, StoreError
   */
  acquire(order: Order, options?: AcquireOptions): Promise<Acquired>
  /** Forgets why an earlier run was stopped: later orders are sent again. */
  beginRun(): void
  /**
   * Verifies the blob's digest (once per unchanged file) before its bytes are used.
   * @throws CorruptOriginalError after the file was put into quarantine
   */
  verify(original: Original): Promise<void>
  /**
   * Commits answers that earlier runs received and did not commit. Sends nothing; leaves alone what
   * another process is busy with; cheap when the journal is empty. When the signal is aborted it
   * rejects at once with its reason, and uncommitted answers stay for the next run.
   */
  recover(signal?: AbortSignal): Promise<{
    readonly committed: readonly Key[]
    readonly quarantined: readonly Quarantined[]
  }>
  /**
   * Reads again the answers that earlier runs took for no picture, and commits those that are one by
   * now. Sends nothing to the API, needs no key, and leaves alone what another process is busy with.
   * @throws StoreError
   */
  recheckQuarantine(options?: RecheckOptions): Promise<RecheckedQuarantine>
  /** Pictures that are kept or adopted instead of requested. */
  readonly decisions: Decisions
  list(): AsyncIterable<StoredOriginal>
  /** All that is known of requests that were sent. @throws StoreError */
  history(): Promise<History>
  /** The store behind the directory; absent when there is none. */
  readonly shared?: SharedOriginals
  /** Keys that an open journal entry refers to: never to be removed. */
  openKeys(): Promise<ReadonlySet<Key>>
  /** Removes an entry, then its blob when no other entry needs it. */
  remove(key: Key): Promise<void>
  /**
   * Sends nothing more, in later runs either: waiting orders are rejected with a RunStoppedError, and
   * requests under way come to their end.
   */
  stop(reason: Error): void
  /** Takes no more orders, waits until the requests under way have ended, and frees connections. */
  close(): Promise<void>
}
