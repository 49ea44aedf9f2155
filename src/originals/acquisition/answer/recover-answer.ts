import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { JournalAttempt } from '../../journal/journal-record.ts'
import { type KeepDeps, type KeptAnswer, keepAnswer } from './keep-answer.ts'
import { receiveAnswer } from './receive-answer.ts'

/**
 * Makes an original of an answer that an earlier run received and did not commit. Gives undefined
 * when the answer was cut off: then nothing is known but that it was sent.
 * @throws StoreError
 */
export async function recoverAnswer(
  attempt: JournalAttempt,
  deps: KeepDeps,
): Promise<KeptAnswer | undefined> {
  const { signal } = deps
  signal?.throwIfAborted()
  const raw = attempt.answer ?? attempt.partialAnswer
  if (raw === undefined) return undefined
  const file = await deps.store.temporaryFile()
  const reception = await receiveAnswer({
    chunks: createReadStream(raw, signal && { signal }),
    reader: await deps.createReader(),
    file,
  })
  if (reception.sourceError !== undefined) {
    await rm(file, { force: true })
    throw reception.sourceError
  }
  if (!reception.picture && !reception.link) {
    await rm(file, { force: true })
    // Cut off in the middle: what the reader says of it says nothing about the answer.
    if (attempt.answer === undefined) return undefined
  }
  const prove = (picture: string) => deps.prove(picture, signal)
  return keepAnswer({ attempt, file: raw, reception }, { ...deps, prove })
}
