import type { ImageId } from '../manifest/image-id.ts'
import type { ImageRequest, Key } from '../plan/image-request.ts'
import type { ReferencePicture } from '../plan/reference-picture.ts'
import type { Allowance } from './allowance.ts'
import type { Original, OriginalEntry } from './original.ts'
import type { SharedOriginals } from './shared-originals.ts'

/** A key, and what it stands for. */
export interface WantedOriginal {
  readonly key: Key
  readonly request: ImageRequest
  /** Another key that a picture of this request may have: what lies there is adopted. */
  readonly earlierKey?: Key
}

/** What is asked for: a request, and who asks. */
export interface Order extends WantedOriginal {
  readonly references: readonly ReferencePicture[]
  /** For messages. */
  readonly image: ImageId
}

/** What is known of a key without buying anything. */
export type OriginalState =
  | { readonly state: 'ready'; readonly original: Original; readonly where: 'local' | 'shared' }
  /** `problem`: what the last attempt ended with, when one was made. Sentences. */
  | { readonly state: 'missing'; readonly problem?: string }
  /** An attempt was sent and its outcome is not known. */
  | {
      readonly state: 'uncertain'
      readonly requestId: string
      readonly attempts: number
      readonly since: string
      /** What the last attempt ended with, as sentences; absent: nothing is known of it. */
      readonly problem?: string
    }
  /** The API has refused this very request; it is not sent again on its own. Sentences. */
  | { readonly state: 'refused'; readonly problem: string }
  /** Something of it was written by a newer version, which has to read it. Sentences. */
  | { readonly state: 'newer'; readonly problem: string }
  /** There is an entry, but it or its bytes are not what they should be. */
  | { readonly state: 'corrupt'; readonly problem: string }
  /** The API's answer was no usable picture; it is not requested again on its own. Sentences. */
  | { readonly state: 'unusable'; readonly problem: string }

export interface Acquired {
  readonly original: Original
  /**
   * `adopted`: another caller, process or machine bought it while this one waited. `recovered`: an
   * earlier run's answer was on disk.
   */
  readonly how: 'cached' | 'bought' | 'adopted' | 'recovered'
  /** Requests sent for it by this call. */
  readonly attempts: number
  /** Of these and of earlier runs: how many may have been billed beside the one that counts. */
  readonly possiblyBilledTwice: number
  /** Milliseconds spent waiting between attempts and for others. */
  readonly waited: number
}

export type AcquireProgress =
  | { readonly type: 'queued' }
  | { readonly type: 'waiting-for-other'; readonly holder: string }
  | { readonly type: 'sending'; readonly attempt: number; readonly requestId: string }
  | { readonly type: 'receiving'; readonly bytes: number }
  | {
      readonly type: 'retrying'
      readonly attempt: number
      readonly delay: number
      readonly reason: string
    }
  | { readonly type: 'warning'; readonly message: string }
  /** The last one of an order that failed: what was spent on it. */
  | ({ readonly type: 'failed' } & Pick<Acquired, 'attempts' | 'possiblyBilledTwice' | 'waited'>)

export interface AcquireOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: AcquireProgress) => void
  /** Overrides `retry.uncertain` for this order. */
  readonly uncertain?: 'retry' | 'stop'
  /**
   * Request it although an earlier answer was no usable picture, or a refusal.
   * @default false
   */
  readonly again?: boolean
  /** Asked before each request. Absent: as many as it takes. */
  readonly allowance?: Allowance
}

/** An answer that was paid for but is no usable picture, or a file that is not what it should be. */
export interface Quarantined {
  /** Absolute path. */
  readonly path: string
  readonly problem: string
}

export interface StoredOriginal {
  readonly key: Key
  readonly entry: OriginalEntry
  /** Bytes of blob and entry. */
  readonly size: number
}

/**
 * The room of what was paid for. Everything that is stored goes through here; nothing is
 * deleted but by {@link Originals.remove}.
 */
export interface Originals {
  /** Looks a key up in the tiers; sends nothing, buys nothing, verifies the entry and its blob's presence. */
  look(key: Key): Promise<OriginalState>
  /** {@link Originals.look} for a request, whose picture is adopted from its earlier key if need be. */
  find(wanted: WantedOriginal): Promise<OriginalState>
  /**
   * Gives the original of an order: from the cache, from an earlier run's answer on disk, from
   * whoever is buying it just now, or bought. Safe for any number of callers, processes and machines.
   * Once something has gone wrong for the whole run (401, 403, an exhausted quota, a full disk, three
   * images in a row that failed for the same cause), whatever waits is sent away with a
   * RunStoppedError; what is under way comes to its end. {@link Originals.beginRun} begins anew.
   * @throws AttemptError, RunStoppedError, UnusableAnswerError, UncertainAttemptError, CorruptOriginalError, StoreError
   */
  acquire(order: Order, options?: AcquireOptions): Promise<Acquired>
  /** Forgets why an earlier run was stopped: what is asked for from now on is sent again. */
  beginRun(): void
  /**
   * Verifies the blob's digest (once per unchanged file) before its bytes are used.
   * @throws CorruptOriginalError after the file was put into quarantine
   */
  verify(original: Original): Promise<void>
  /**
   * Commits answers that earlier runs received and did not commit. Sends nothing; leaves alone what
   * another process is busy with; cheap when the journal is empty. When the signal is aborted it
   * rejects at once with its reason, and what was not committed stays for the next run.
   */
  recover(signal?: AbortSignal): Promise<{
    readonly committed: readonly Key[]
    readonly quarantined: readonly Quarantined[]
  }>
  list(): AsyncIterable<StoredOriginal>
  /** The store behind the directory; absent when there is none. */
  readonly shared?: SharedOriginals
  /** Keys that an open journal entry refers to: never to be removed. */
  openKeys(): Promise<ReadonlySet<Key>>
  /** Removes an entry, then its blob when no other entry needs it. */
  remove(key: Key): Promise<void>
  /**
   * Sends nothing more, in later runs either: whoever waits is sent away with a RunStoppedError, and
   * what is under way comes to its end.
   */
  stop(reason: Error): void
  /** Takes no more orders, waits for what is under way to come to its end, and frees connections. */
  close(): Promise<void>
}
