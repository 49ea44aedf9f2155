import type { RawAnswer } from '../../../provider/provider.ts'
import type { BegunAttempt, NoAnswer } from './attempt.ts'
import { asAttemptError } from './attempt-failure.ts'

export type SendResult = { readonly state: 'sent'; readonly chunks: RawAnswer } | NoAnswer

/** Sends the request of an attempt; its answer begins to come when this resolves. */
export async function send(attempt: BegunAttempt): Promise<SendResult> {
  const { acquisition, provider, requestId } = attempt
  const { order, counts, signal, emit } = acquisition
  const { request, references, mask } = order
  counts.attempts += 1
  emit({
    type: 'state',
    status: { state: 'generating', attempt: counts.attempts, requestId },
  })
  try {
    const chunks = await provider.send({
      request,
      references,
      ...(mask && { mask }),
      requestId,
      signal,
    })
    return { state: 'sent', chunks }
  } catch (thrown) {
    return { state: 'no-answer', error: asAttemptError(thrown, signal) }
  }
}
