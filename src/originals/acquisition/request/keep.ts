import { type KeptAnswer, keepAnswer } from '../answer/keep-answer.ts'
import type { BegunAttempt } from './attempt.ts'
import type { ReceivedAnswer } from './receive.ts'

/** Makes an original of a whole answer. A fault of ours stops the run: the next answer would meet it too. */
export async function keep(
  { acquisition, open }: BegunAttempt,
  { file, reception }: ReceivedAnswer,
): Promise<KeptAnswer> {
  const { deps, retry, signal, circuit, emit } = acquisition
  const warn = (message: string) => emit({ type: 'warning', message })
  try {
    const answer = { attempt: open, file, reception }
    return await keepAnswer(answer, { ...deps, retry, signal, warn })
  } catch (error) {
    if (error instanceof Error) circuit.stopAll(error)
    throw error
  }
}
