import { UnusableAnswerError } from '../../../errors/index.ts'
import { formatImageId } from '../../../manifest/image-id.ts'
import { AttemptError } from '../../../provider/attempt-error.ts'
import type { JournalAttempt } from '../../journal/journal-record.ts'
import { requestVersion } from '../../newer-version.ts'
import type { Original, Quarantined } from '../../original.ts'
import type { AcquisitionDeps } from '../acquisition.ts'
import { adviseRecovery, answerNotCommitted, downloadWaits, outcomeOf } from './answer-failure.ts'
import {
  commitPicture,
  type Disproof,
  pictureWarnings,
  proveDecoded,
  type SentAttempt,
} from './commit-picture.ts'
import type { DecodedPicture } from './decode-picture.ts'
import { type FetchDeps, fetchPicture } from './fetch-picture.ts'
import type { Reception } from './receive-answer.ts'

/** What became of a whole answer. */
export type KeptAnswer =
  | { readonly state: 'committed'; readonly original: Original; readonly first: boolean }
  /** Complete, perhaps billed, and no usable picture: not to be requested again. */
  | {
      readonly state: 'unusable'
      readonly error: UnusableAnswerError
      readonly quarantined: readonly Quarantined[]
    }
  /** Not a picture but an error of the API, which says what it means. */
  | {
      readonly state: 'failed'
      readonly error: AttemptError
      readonly quarantined: readonly Quarantined[]
    }
  /** The picture was made, and its address could not be reached: the answer stays where it is. */
  | {
      readonly state: 'waiting'
      readonly error: AttemptError
      readonly quarantined: readonly []
    }

export interface KeepDeps
  extends FetchDeps,
    Pick<AcquisitionDeps, 'journal' | 'prove' | 'createReader'> {
  /** Takes full sentences. */
  warn(message: string): void
}

/** An answer whose raw bytes are whole and synced on disk, and what they held. */
export interface WholeAnswer {
  readonly attempt: SentAttempt
  /** Absolute path of the raw answer. */
  readonly file: string
  readonly reception: Reception
}

/**
 * Makes an original of a whole answer: download what it only names, prove, commit. An answer that
 * can't become one goes into quarantine, and the journal says so.
 * @throws StoreError when the fault is ours: the answer then stays for the next run
 */
export async function keepAnswer(answer: WholeAnswer, deps: KeepDeps): Promise<KeptAnswer> {
  try {
    const picture = await pictureOf(answer.reception, deps)
    return picture instanceof AttemptError
      ? await keepFault(answer, picture, deps)
      : await keepPicture(answer, picture, deps)
  } catch (error) {
    throw answerNotCommitted(answer.attempt.record.image, answer.file, error)
  }
}

async function pictureOf(
  { picture, link, decodeError }: Reception,
  deps: FetchDeps,
): Promise<DecodedPicture | AttemptError> {
  if (picture) return picture
  try {
    if (!link) throw decodeError
    return await fetchPicture(link, deps)
  } catch (error) {
    if (error instanceof AttemptError) return error
    throw error
  }
}

async function keepPicture(
  { attempt, file }: WholeAnswer,
  picture: DecodedPicture,
  deps: KeepDeps,
): Promise<KeptAnswer> {
  await deps.store.trust(picture.file, picture.digest)
  const proof = await proveDecoded(picture, deps.prove)
  if ('problem' in proof) return setAsideUnusable(attempt, [picture.file, file], proof, deps)
  const committed = await commitPicture(attempt, picture, proof, deps)
  for (const warning of pictureWarnings(attempt, picture, proof)) deps.warn(warning)
  return { state: 'committed', ...committed }
}

async function keepFault(
  { attempt, file, reception }: WholeAnswer,
  error: AttemptError,
  deps: KeepDeps,
): Promise<KeptAnswer> {
  if (error.outcome === 'unusable') {
    return setAsideUnusable(attempt, [file], { problem: error.message, cause: error }, deps)
  }
  if (reception.link) {
    const waiting = downloadWaits(attempt.record.image, error)
    return { state: 'waiting', error: waiting, quarantined: [] }
  }
  const outcome = outcomeOf(error)
  // What the API certainly did not make need not be kept: the answer is an error message.
  const isDoubtful = outcome.outcome === 'uncertain'
  const quarantined = isDoubtful ? [await deps.store.quarantine(file, outcome.problem)] : []
  const paths = quarantined.map(({ path }) => path)
  await deps.journal.settle(attempt.record.key, attempt, { ...outcome, quarantined: paths })
  return { state: 'failed', error, quarantined }
}

/**
 * Gives up a picture that was made and whose address can't be reached: somebody wants another one.
 */
export async function giveUpDownload(
  attempt: JournalAttempt,
  { message: problem }: AttemptError,
  { store, journal }: Pick<AcquisitionDeps, 'store' | 'journal'>,
): Promise<void> {
  const quarantined: string[] = []
  if (attempt.answer) quarantined.push((await store.quarantine(attempt.answer, problem)).path)
  await journal.settle(attempt.record.key, attempt, { outcome: 'unusable', problem, quarantined })
}

/**
 * The record comes first: after a crash the answer is read once more, and nothing is requested.
 * @param files the decoded picture before the raw answer
 */
async function setAsideUnusable(
  attempt: SentAttempt,
  files: readonly string[],
  { problem, cause }: Disproof,
  { store, journal, clock }: KeepDeps,
): Promise<KeptAnswer> {
  const { key, request, requestId, image, attempt: attempts } = attempt.record
  const createdAt = clock.date().toISOString()
  const version = requestVersion(request)
  await store.recordUnusable({ version, key, request, problem, requestId, attempts, createdAt })
  const quarantined: Quarantined[] = []
  for (const file of files) quarantined.push(await store.quarantine(file, problem))
  const paths = quarantined.map(({ path }) => path)
  await journal.settle(key, attempt, { outcome: 'unusable', problem, quarantined: paths })
  const cost = problem.includes('billed') ? '' : ' It may have been billed.'
  const error = new UnusableAnswerError(
    `${formatImageId(image)}: ${problem}${cost} The answer is kept in ${paths.join(' and ')}. ${adviseRecovery(image)}`,
    { requestId, paths, cause },
  )
  return { state: 'unusable', error, quarantined }
}
