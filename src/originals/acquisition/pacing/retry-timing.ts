import type { AttemptError } from '../../../provider/attempt-error.ts'

/** How patiently one image is requested. */
export interface RetryPolicy {
  /** Waits before the second, third … attempt, in milliseconds, before jitter. */
  readonly delays: readonly number[]
  /** The longest wait that a server may ask for, in milliseconds. */
  readonly maxDelay: number
  /** Whether another request follows an attempt that may have been billed. */
  readonly uncertain: 'retry' | 'stop'
}

export type RetryDecision =
  | { readonly action: 'wait'; readonly delay: number }
  | {
      readonly action: 'give-up'
      readonly why: 'not-retryable' | 'uncertain' | 'wait-too-long' | 'attempts-used'
    }

/** Waits grow by up to this share, so that images that failed together do not come back together. */
const JITTER = 0.25
/** A wait that the server asked for grows by up to this many milliseconds only. */
const ASKED_JITTER = 1_000

/**
 * Decides what follows a failed attempt.
 * @param attempt number of the attempt that failed, from 1
 * @param random a number in [0, 1)
 */
export function planRetry(
  error: Pick<AttemptError, 'retryable' | 'outcome' | 'retryAfter'>,
  attempt: number,
  policy: RetryPolicy,
  random: number,
): RetryDecision {
  const uncertain = error.outcome === 'uncertain'
  if (uncertain && policy.uncertain === 'stop') return { action: 'give-up', why: 'uncertain' }
  if (error.outcome === 'refused' || !error.retryable) {
    return { action: 'give-up', why: 'not-retryable' }
  }
  const asked = error.retryAfter ?? 0
  if (asked > policy.maxDelay) return { action: 'give-up', why: 'wait-too-long' }
  const base = policy.delays[attempt - 1]
  if (base === undefined) return { action: 'give-up', why: 'attempts-used' }
  const own = base * (1 + JITTER * random)
  const theirs = asked > 0 ? asked + Math.min(asked * JITTER, ASKED_JITTER) * random : 0
  return { action: 'wait', delay: Math.round(Math.max(own, theirs)) }
}
