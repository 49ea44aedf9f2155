import { UnusableAnswerError } from '../../../errors/index.ts'
import { formatImageId } from '../../../manifest/image-id.ts'
import { AttemptError } from '../../../provider/attempt-error.ts'
import type { JournalAttempt } from '../../journal/journal-record.ts'
import type { Original, Quarantined } from '../../original.ts'
import type { AcquisitionDeps } from '../acquisition.ts'
import { adviseRecovery, answerNotCommitted, downloadWaits } from '../failure.ts'
import {
  commitPicture,
  type Disproof,
  pictureWarnings,
  proveDecoded,
  type SentAttempt,
} from './commit-picture.ts'
import { type FetchDeps, fetchPicture } from './fetch-picture.ts'
import type { DecodedPicture, Reception } from './receive.ts'

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

export type KeepDeps = FetchDeps & Pick<AcquisitionDeps, 'journal' | 'prove' | 'createReader'>

/**
 * Makes an original of an answer whose raw bytes are whole and synced on disk: download what it only
 * names, prove, commit. What can't become one goes into quarantine, and the journal says so.
 * @throws StoreError when the fault is ours: the answer then stays for the next run
 */
export async function keepPicture(
  attempt: SentAttempt,
  answer: string,
  reception: Reception,
  parts: KeepDeps,
  warn: (message: string) => void,
): Promise<KeptAnswer> {
  const { image } = attempt.record
  try {
    const picture = await pictureOf(reception, parts)
    if (picture instanceof AttemptError) {
      if (picture.outcome === 'unusable') {
        const { message: problem } = picture
        return await setAsideUnusable(attempt, [answer], { problem, cause: picture }, parts)
      }
      if (!reception.link) return await settleFault(attempt, answer, picture, parts)
      return { state: 'waiting', error: downloadWaits(image, picture), quarantined: [] }
    }
    await parts.store.trust(picture.file, picture.digest)
    const proof = await proveDecoded(picture, parts.prove)
    if ('problem' in proof) {
      return await setAsideUnusable(attempt, [picture.file, answer], proof, parts)
    }
    const committed = await commitPicture(attempt, picture, proof, parts)
    for (const warning of pictureWarnings(attempt, picture, proof)) warn(warning)
    return { state: 'committed', ...committed }
  } catch (error) {
    throw answerNotCommitted({ image }, answer, error)
  }
}

async function pictureOf(
  { picture, link, decodeError }: Reception,
  parts: FetchDeps,
): Promise<DecodedPicture | AttemptError> {
  if (picture) return picture
  try {
    if (!link) throw decodeError
    return await fetchPicture(link, parts)
  } catch (error) {
    if (error instanceof AttemptError) return error
    throw error
  }
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
 * The record comes first: after a crash the answer is judged once more, and nothing is requested.
 * @param files what came, the decoded picture before the raw answer
 */
async function setAsideUnusable(
  attempt: SentAttempt,
  files: readonly string[],
  { problem, cause }: Disproof,
  { store, journal, clock }: Pick<AcquisitionDeps, 'store' | 'journal' | 'clock'>,
): Promise<KeptAnswer> {
  const { key, request, requestId, image, attempt: attempts } = attempt.record
  const createdAt = clock.date().toISOString()
  await store.recordUnusable({ version: 1, key, request, problem, requestId, attempts, createdAt })
  const quarantined: Quarantined[] = []
  for (const file of files) quarantined.push(await store.quarantine(file, problem))
  const paths = quarantined.map(({ path }) => path)
  await journal.settle(key, attempt, { outcome: 'unusable', problem, quarantined: paths })
  const error = new UnusableAnswerError(
    `${formatImageId(image)}: ${problem} What came may have been billed and is kept in ${paths.join(' and ')}. ${adviseRecovery(image)}`,
    { requestId, paths, cause },
  )
  return { state: 'unusable', error, quarantined }
}

async function settleFault(
  attempt: SentAttempt,
  answer: string,
  error: AttemptError,
  { store, journal }: Pick<AcquisitionDeps, 'store' | 'journal'>,
): Promise<KeptAnswer> {
  // What the API certainly did not make need not be kept: it is an error message.
  const doubtful = error.outcome === 'uncertain'
  const quarantined = doubtful ? [await store.quarantine(answer, error.message)] : []
  await journal.settle(attempt.record.key, attempt, {
    outcome: error.outcome,
    problem: error.message,
    code: error.code,
    ...(error.status !== undefined && { status: error.status }),
    quarantined: quarantined.map(({ path }) => path),
  })
  return { state: 'failed', error, quarantined }
}
