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
  await countAnswer(attempt, received, kept)
  return settle(attempt, kept)
}

/** Of a billed answer beside which somebody else's picture was first, only the budget is told. */
async function countAnswer(
  { acquisition: { counts, counter } }: BegunAttempt,
  { reception: { picture, link } }: ReceivedAnswer,
  kept: KeptAnswer,
): Promise<void> {
  if (kept.state === 'failed') return
  const { facts = {} } = picture ?? link ?? {}
  await counter.settle(facts)
  if (kept.state !== 'committed' || kept.first) counts.answers.push(facts)
}
