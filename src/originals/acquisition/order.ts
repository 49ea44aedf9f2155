import type { ImageId } from '../../manifest/image-id.ts'
import type { ProgressState, Provenance } from '../../plan/image-state.ts'
import type { ReferencePicture } from '../../plan/reference-picture.ts'
import type { AnswerFacts } from '../../provider/provider.ts'
import type { Original, WantedOriginal } from '../original.ts'
import type { Allowance } from './pacing/allowance.ts'

/** A request, and the image that asks for it. */
export interface Order extends WantedOriginal {
  readonly references: readonly ReferencePicture[]
  readonly mask?: ReferencePicture
  /** The provider that is asked, by its name in the options; absent: the first one. */
  readonly provider?: string
  /** For messages. */
  readonly image: ImageId
}

export interface Acquired {
  readonly original: Original
  readonly how: Provenance
  /** Requests sent for it by this call. */
  readonly attempts: number
  /** Of these and of earlier runs: how many may have been billed beside the one that counts. */
  readonly possiblyBilledTwice: number
  /** What whole answers to these requests said beside the picture: the last one brought it, others none. */
  readonly answers: readonly AnswerFacts[]
  /** Milliseconds spent waiting between attempts and for others. */
  readonly waited: number
}

/** What an acquisition has cost. */
export type Spending = Pick<Acquired, 'attempts' | 'possiblyBilledTwice' | 'answers' | 'waited'>

export type AcquireProgress =
  | { readonly type: 'state'; readonly status: ProgressState }
  | { readonly type: 'warning'; readonly message: string }
  /** The last event of an order that failed: what it cost. */
  | ({ readonly type: 'failed' } & Spending)

export interface AcquireOptions {
  readonly signal?: AbortSignal
  /** Ends its waits, for everybody who asks for the key; a request that was sent comes to its end. */
  readonly waitSignal?: AbortSignal
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
