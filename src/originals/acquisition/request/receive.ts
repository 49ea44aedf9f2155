import type { AttemptError } from '../../../provider/attempt-error.ts'
import type { RawAnswer } from '../../../provider/provider.ts'
import type { AnswerFile } from '../../journal/answer-file.ts'
import type { Acquisition } from '../acquisition.ts'
import { type Reception, receiveAnswer } from '../answer/receive-answer.ts'
import type { BegunAttempt, NoAnswer } from './attempt.ts'
import { answerNotKept, asAttemptError } from './attempt-failure.ts'

/** A whole answer, synced. */
export interface ReceivedAnswer {
  readonly state: 'received'
  /** Absolute path of the raw answer. */
  readonly file: string
  readonly reception: Reception
}

/** Progress is told about every so many bytes. */
const PROGRESS_STEP = 256 * 1024

/** Reads an answer to its end: raw bytes into the journal, and beside them its picture into a file. */
export async function receive(
  attempt: BegunAttempt,
  chunks: RawAnswer,
): Promise<ReceivedAnswer | NoAnswer> {
  const { acquisition, open, file, reader, permit } = attempt
  const raw = await open.keepAnswer().catch(error => {
    throw cannotKeep(attempt, error)
  })
  try {
    const reception = await receiveAnswer({
      chunks: acquisition.deps.answerQueue.join(chunks),
      reader,
      file,
      keep: chunk => raw.write(chunk),
      onBytes: reportBytes(acquisition),
      onPicture: () => permit.release(),
    })
    if (reception.keepError !== undefined) throw cannotKeep(attempt, reception.keepError)
    return await completeAnswer(attempt, raw, await withFacts(attempt, chunks, reception))
  } finally {
    await raw.close()
  }
}

async function completeAnswer(
  attempt: BegunAttempt,
  raw: AnswerFile,
  reception: Reception,
): Promise<ReceivedAnswer | NoAnswer> {
  const { deps, signal } = attempt.acquisition
  const broken = findBreak(reception, signal)
  if (broken && broken.outcome !== 'unusable') return { state: 'no-answer', error: broken }
  const file = await raw.complete().catch(error => {
    throw cannotKeep(attempt, error)
  })
  deps.pacer.speedUp()
  return { state: 'received', file, reception: broken ? { decodeError: broken } : reception }
}

/** Facts that are not in the answer itself are durable before the answer counts as complete. */
async function withFacts(
  attempt: BegunAttempt,
  { facts }: RawAnswer,
  reception: Reception,
): Promise<Reception> {
  const { picture, sourceError } = reception
  if (!facts || !picture || sourceError !== undefined) return reception
  const known = await facts()
  await attempt.open.keepFacts(known).catch(error => {
    throw cannotKeep(attempt, error)
  })
  return { ...reception, picture: { ...picture, facts: { ...picture.facts, ...known } } }
}

/** A source that failed after the picture was whole did no harm. */
function findBreak(
  { sourceError, picture }: Reception,
  signal: AbortSignal,
): AttemptError | undefined {
  const isWhole = sourceError === undefined || picture?.isDelimited
  return isWhole ? undefined : asAttemptError(sourceError, signal)
}

/** The disk is as bad for the next answer. */
function cannotKeep({ acquisition, open, requestId }: BegunAttempt, cause: unknown): Error {
  const { deps, order, counts, circuit } = acquisition
  counts.doubtful.add(open.name)
  const fault = answerNotKept(order, { requestId, folder: deps.journal.folder(order.key) }, cause)
  circuit.stopAll(fault)
  return fault
}

function reportBytes({ emit, counts }: Acquisition): (bytes: number) => void {
  const attempt = counts.attempts
  let next = 0
  return bytes => {
    if (bytes < next) return
    next = bytes + PROGRESS_STEP
    emit({ type: 'state', status: { state: 'receiving', attempt, bytes } })
  }
}
