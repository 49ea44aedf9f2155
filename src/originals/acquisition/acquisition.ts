import type { AnswerReader, Provider } from '../../provider/provider.ts'
import type { Clock } from '../../system/clock.ts'
import type { Journal } from '../journal/journal.ts'
import type { ProvePicture } from '../original.ts'
import type { OriginalStore } from '../store/original-store.ts'
import type { AcquireProgress, Order } from './order.ts'
import type { RequestCounter } from './pacing/allowance.ts'
import type { AnswerQueue } from './pacing/answer-queue.ts'
import type { Circuit } from './pacing/circuit.ts'
import type { Pacer } from './pacing/pacer.ts'
import type { RetryPolicy } from './pacing/retry-timing.ts'

/** What the steps of this room share. */
export interface AcquisitionDeps {
  readonly store: OriginalStore
  readonly journal: Journal
  readonly provider: () => Promise<Provider>
  /** Starts reading a raw answer, as it arrives or kept on disk by an earlier run. Needs no key. */
  readonly createReader: () => Promise<AnswerReader>
  readonly prove: ProvePicture
  /** Resolves when an answer could be decoded and kept; nothing is sent before. */
  readonly preflight: () => Promise<void>
  readonly pacer: Pacer
  readonly answerQueue: AnswerQueue
  readonly clock: Clock
  /** A number in [0, 1). */
  readonly random: () => number
}

/** One key being acquired for whoever asks for it. */
export interface Acquisition {
  readonly order: Order
  /** In the order in which they were asked for, in which they are sent as well. */
  readonly number: number
  readonly retry: RetryPolicy
  /** Somebody wants another request although an earlier answer was no usable picture. */
  readonly again: boolean
  readonly circuit: Circuit
  /** Aborted when nobody wants the original any longer: gives up the request under way. */
  readonly signal: AbortSignal
  /** Aborted as well when the run is stopped: gives up waiting, leaves a request under way alone. */
  readonly queueSignal: AbortSignal
  readonly counts: Counts
  readonly counter: RequestCounter
  emit(progress: AcquireProgress): void
}

/** What one flight has cost so far. */
export interface Counts {
  /** Requests sent. */
  attempts: number
  /** Milliseconds spent waiting for retries and for others. */
  waited: number
  /** Names of attempts, of this and of earlier runs, that may have been billed. */
  readonly doubtful: Set<string>
}
