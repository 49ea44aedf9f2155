import type { ImageRequest } from '../../plan/image-request.ts'
import type { Provenance } from '../../plan/image-state.ts'
import type { AnswerFacts, AnswerReader } from '../../provider/provider.ts'
import type { Clock } from '../../system/clock.ts'
import type { Journal } from '../journal/journal.ts'
import type { Leases } from '../leases/leases.ts'
import type { Original, ProvePicture } from '../original.ts'
import type { OriginalStore } from '../store/original-store.ts'
import type { Acquired, AcquireProgress, Order, Spending } from './order.ts'
import type { RequestCounter } from './pacing/allowance.ts'
import type { AnswerQueue } from './pacing/answer-queue.ts'
import type { Channel } from './pacing/channels.ts'
import type { Circuit } from './pacing/circuit.ts'
import type { RetryPolicy } from './pacing/retry-timing.ts'

/** What an answer is read by: its request, and who was asked. */
export interface AnsweredRequest {
  readonly request: ImageRequest
  /** By its name in the options; absent: the first one. */
  readonly provider?: string
}

/** What all acquisitions of one pipeline at one provider share. */
export interface AcquisitionDeps extends Omit<Channel, 'retry'> {
  readonly store: OriginalStore
  readonly journal: Journal
  readonly leases: Leases
  /** Starts reading a raw answer, as it arrives or as an earlier run kept it. Needs no key. */
  readonly createReader: (answered: AnsweredRequest) => Promise<AnswerReader>
  readonly prove: ProvePicture
  /** Resolves when an answer could be decoded and kept; nothing is sent before. */
  readonly preflight: () => Promise<void>
  readonly answerQueue: AnswerQueue
  readonly clock: Clock
  /** A number in [0, 1). */
  readonly random: () => number
}

/** One key being acquired for everybody who asks for it. */
export interface Acquisition {
  readonly deps: AcquisitionDeps
  readonly order: Order
  /** Counts the orders as they came in: requests are sent in this order. */
  readonly number: number
  readonly retry: RetryPolicy
  /** Somebody wants another request although an earlier answer was no usable picture. */
  readonly again: boolean
  readonly circuit: Circuit
  /** Aborted when nobody wants the original any longer: gives up the request under way. */
  readonly signal: AbortSignal
  /** Aborted also when the run is stopped: gives up waiting, but not a request under way. */
  readonly queueSignal: AbortSignal
  /** Aborted when somebody called this order off while it waited. */
  readonly waitSignal?: AbortSignal
  readonly counts: Counts
  readonly counter: RequestCounter
  emit(progress: AcquireProgress): void
}

/** What one acquisition has cost so far. */
export interface Counts {
  /** Requests sent. */
  attempts: number
  /** Milliseconds spent waiting for retries and for others. */
  waited: number
  /** Names of attempts, of this and of earlier runs, that may have been billed. */
  readonly doubtful: Set<string>
  /** Of whole answers that were billed: of each, what it said beside the picture. */
  readonly answers: AnswerFacts[]
}

/** The result of an acquisition, with what it cost. */
export function describeAcquired(
  { counts }: Acquisition,
  original: Original,
  how: Provenance,
): Acquired {
  return { original, how, ...describeSpending(counts) }
}

export function describeSpending({ attempts, doubtful, answers, waited }: Counts): Spending {
  return { attempts, possiblyBilledTwice: doubtful.size, answers: [...answers], waited }
}
