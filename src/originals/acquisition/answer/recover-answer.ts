import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { JournalAttempt } from '../../journal/journal-record.ts'
import type { AcquisitionDeps } from '../acquisition.ts'
import { proveDecoded } from './commit-picture.ts'
import { type KeepDeps, type KeptAnswer, keepAnswer } from './keep-answer.ts'
import { withKeptFacts } from './kept-facts.ts'
import { type Reception, receiveAnswer } from './receive-answer.ts'

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
  const received = await receiveAnswer({
    chunks: createReadStream(raw, signal && { signal }),
    reader: await deps.createReader(attempt.record),
    file,
  })
  if (received.sourceError !== undefined) {
    await rm(file, { force: true })
    throw received.sourceError
  }
  const prove = (picture: string) => deps.prove(picture, signal)
  if (attempt.answer === undefined && !(await isComplete(received, prove))) {
    await rm(file, { force: true })
    // Cut off in the middle: what the reader says of it says nothing about the answer.
    return undefined
  }
  if (!received.picture) await rm(file, { force: true })
  const { picture } = received
  const reception = picture
    ? { ...received, picture: await withKeptFacts(picture, attempt) }
    : received
  return keepAnswer({ attempt, file: raw, reception }, { ...deps, prove })
}

/** Whether an answer of which nobody noted the end came whole. */
async function isComplete(
  { picture, link }: Reception,
  prove: AcquisitionDeps['prove'],
): Promise<boolean> {
  if (!picture || picture.isDelimited) return picture !== undefined || link !== undefined
  return !('problem' in (await proveDecoded(picture, prove)))
}
