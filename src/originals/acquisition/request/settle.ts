import type { AttemptError } from '../../../provider/attempt-error.ts'
import { outcomeOf } from '../answer/answer-failure.ts'
import type { KeptAnswer } from '../answer/keep-answer.ts'
import { planRetry } from '../pacing/retry-timing.ts'
import type { AttemptResult, BegunAttempt, FailedAttempt, NoAnswer } from './attempt.ts'
import { waitTooLong } from './attempt-failure.ts'

/**
 * Settles what an attempt means for its image, for all that wait, and in the journal.
 * @throws UnusableAnswerError, AttemptError when a whole answer brought no original
 */
export async function settle(
  attempt: BegunAttempt,
  result: NoAnswer | KeptAnswer,
): Promise<AttemptResult> {
  const { acquisition, open } = attempt
  const { deps, order, circuit, counts } = acquisition
  switch (result.state) {
    case 'committed':
      // Somebody else's picture was there first: this one was billed beside it.
      if (!result.first) counts.doubtful.add(open.name)
      return result
    case 'unusable':
    case 'waiting':
      circuit.failed(order.key, result.error)
      throw result.error
    case 'failed':
      return decide(attempt, result.error)
    case 'no-answer': {
      // All that wait learn it before anything is written.
      const failed = decide(attempt, result.error)
      const outcome = { ...outcomeOf(failed.error), quarantined: [] }
      await deps.journal.settle(order.key, open, outcome)
      return failed
    }
  }
}

/** Decides what follows a failed attempt, before its permit goes to the next request. */
function decide({ acquisition, number, open }: BegunAttempt, thrown: AttemptError): FailedAttempt {
  const { deps, order, circuit, retry, counts } = acquisition
  if (thrown.outcome === 'uncertain') counts.doubtful.add(open.name)
  const decision = planRetry(thrown, number, retry, deps.random())
  const isTooLong = decision.action === 'give-up' && decision.why === 'wait-too-long'
  const error = isTooLong ? waitTooLong(thrown, retry) : thrown
  if (concernsAll(error)) {
    deps.pacer.slowDown(decision.action === 'wait' ? decision.delay : (error.retryAfter ?? 0))
  }
  if (decision.action === 'give-up' && error.code !== 'ABORTED') circuit.failed(order.key, error)
  return { state: 'failed', error, decision }
}

/** Whether everybody waits, not only the image that met it: then the queue itself is held back. */
export function concernsAll({ code }: AttemptError): boolean {
  return code === 'RATE_LIMITED' || code === 'NOT_SENT'
}
