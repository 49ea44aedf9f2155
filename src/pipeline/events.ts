import type { Expenses, RunCost } from '../cost/run-cost.ts'
import type { ImageId } from '../manifest/image-id.ts'
import type { Key } from '../plan/image-request.ts'
import type { ProgressState, Provenance, StateOf } from '../plan/image-state.ts'

/** An image came into another state. */
export interface ImageEvent {
  readonly type: 'image'
  readonly image: ImageId
  /** Of its request; absent as long as what it refers to is missing. */
  readonly key?: Key
  readonly status: StateOf<'ready' | 'failed'> | ProgressState
  /** Set when it failed. */
  readonly error?: Error
}

/** What a face shows while the pipeline works. */
export type PipelineEvent =
  | { readonly type: 'run-start'; readonly images: number; readonly toGenerate: number }
  | ImageEvent
  | { readonly type: 'warning'; readonly message: string; readonly image?: ImageId }
  | { readonly type: 'run-end'; readonly report: RunReport }

/** What became of one image of a run. */
export interface ImageOutcome {
  readonly image: ImageId
  readonly outcome: Provenance | 'failed' | 'skipped'
  /** Milliseconds. */
  readonly duration: number
  readonly attempts: number
  readonly possiblyBilledTwice: number
  /** What its attempts cost, in the currency of the options. */
  readonly expenses: Expenses
  /** Milliseconds spent waiting between attempts and for others. */
  readonly waited: number
  readonly width?: number
  readonly height?: number
  /** Bytes of the original. */
  readonly size?: number
  readonly error?: Error
}

/** What one run did. */
export interface RunReport {
  readonly images: readonly ImageOutcome[]
  /** Requests sent to the provider. */
  readonly requests: number
  /** Attempts that may have been billed besides the one that brought the picture. */
  readonly possiblyBilledTwice: number
  /** Milliseconds spent waiting between attempts. */
  readonly waited: number
  /** What all of that cost. Absent when nothing says what anything costs. */
  readonly cost?: RunCost
}
