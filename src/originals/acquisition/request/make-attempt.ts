import { rm } from 'node:fs/promises'
import type { KeptAnswer } from '../answer/keep-answer.ts'
import type { AttemptResult, AttemptSeries, BegunAttempt } from './attempt.ts'
import { beginAttempt, prepareAttempt } from './begin.ts'
import { keep } from './keep.ts'
import { type ReceivedAnswer, receive } from './receive.ts'
import { send } from './send.ts'
import { settle } from './settle.ts'

/** One attempt: noted, sent, its answer received, kept and settled. */
export async function makeAttempt(series: AttemptSeries, number: number): Promise<AttemptResult> {
  const waiting = await prepareAttempt(series, number)
  if (!waiting) return { state: 'lease-lost' }
  try {
    const attempt = await beginAttempt(waiting)
    return attempt ? await complete(attempt) : { state: 'lease-lost' }
  } finally {
    await waiting.prepared.discard()
    await rm(waiting.file, { force: true })
  }
}

async function complete(attempt: BegunAttempt): Promise<AttemptResult> {
  const sent = await send(attempt)
  if (sent.state === 'no-answer') return settle(attempt, sent)
  const received = await receive(attempt, sent.chunks)
  if (received.state === 'no-answer') return settle(attempt, received)
  const kept = await keep(attempt, received)
  countAnswer(attempt, received, kept)
  return settle(attempt, kept)
}

/** Counts a whole answer that was billed, but for one beside which somebody else's picture was first. */
function countAnswer(
  { acquisition: { counts } }: BegunAttempt,
  { reception: { picture, link } }: ReceivedAnswer,
  kept: KeptAnswer,
): void {
  const isBilled = kept.state === 'committed' ? kept.first : kept.state !== 'failed'
  if (isBilled) counts.answers.push((picture ?? link)?.facts ?? {})
}
