import type { AttemptError } from '../../../provider/attempt-error.ts'
import type { AnswerReader, Provider } from '../../../provider/provider.ts'
import type { OpenAttempt, PreparedAttempt } from '../../journal/prepare-journal-record.ts'
import type { Lease } from '../../leases/leases.ts'
import type { Original } from '../../original.ts'
import type { Acquisition } from '../acquisition.ts'
import type { Permit, RequestPermit } from '../pacing/pacer.ts'
import type { RetryDecision } from '../pacing/retry-timing.ts'

/** An acquisition that holds the lease of its key. */
export interface LeasedAcquisition {
  readonly acquisition: Acquisition
  readonly lease: Lease
  /** Of {@link AcquisitionDeps.admission}; released once a request may be sent. */
  readonly admitted: Permit
}

/** What the attempts of one acquisition have in common. */
export interface AttemptSeries extends LeasedAcquisition {
  readonly provider: Provider
  /** Given once before the first attempt, and again before each retry. */
  readonly permit: RequestPermit
  readonly requestId: string
  /** Attempts of earlier runs. */
  readonly earlier: number
}

/** One attempt whose record is written aside: nothing of it counts yet. */
export interface WaitingAttempt extends AttemptSeries {
  /** Within this acquisition, from 1. */
  readonly number: number
  /** Where the decoded picture goes. */
  readonly file: string
  readonly prepared: PreparedAttempt
}

/** One attempt whose record is durable: from now on it may have been sent. */
export interface BegunAttempt extends WaitingAttempt {
  readonly reader: AnswerReader
  readonly open: OpenAttempt
}

/** No whole answer came. */
export interface NoAnswer {
  readonly state: 'no-answer'
  readonly error: AttemptError
}

export type AttemptResult =
  | { readonly state: 'committed'; readonly original: Original; readonly first: boolean }
  | FailedAttempt
  | { readonly state: 'lease-lost' }

export interface FailedAttempt {
  readonly state: 'failed'
  readonly error: AttemptError
  readonly decision: RetryDecision
}
