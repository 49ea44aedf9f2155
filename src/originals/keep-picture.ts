import { rm } from 'node:fs/promises'
import { UnusableAnswerError } from '../errors/index.ts'
import { UnusablePictureError } from '../errors/unusable-picture-error.ts'
import { formatImageId } from '../manifest/image-id.ts'
import { AttemptError } from '../provider/attempt-error.ts'
import { adviseAgain, answerNotCommitted, downloadWaits } from './failure.ts'
import { type FetchParts, fetchPicture } from './fetch-picture.ts'
import type { JournalAttempt } from './journal-record.ts'
import type { Original, PictureFacts, ProvenPicture, Quarantined } from './original.ts'
import type { Parts } from './parts.ts'
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

export type KeepParts = FetchParts & Pick<Parts, 'journal' | 'prove' | 'createReader'>

export type SentAttempt = Pick<JournalAttempt, 'name' | 'record'>

/**
 * Makes an original of an answer whose raw bytes are whole and synced on disk: download what it only
 * names, prove, commit. What
 * can't become one goes into quarantine, and the journal says so.
 * @throws StoreError when the fault is ours: the answer then stays for the next run
 */
export async function keepPicture(
  attempt: SentAttempt,
  answer: string,
  reception: Reception,
  parts: KeepParts,
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
    const proof = await provePicture(picture, parts.prove)
    if ('problem' in proof) {
      return await setAsideUnusable(attempt, [picture.file, answer], proof, parts)
    }
    const committed = await commit(attempt, picture, proof, parts)
    for (const warning of answerWarnings(picture)) warn(`${formatImageId(image)}: ${warning}`)
    if (proof.undecoded !== undefined) {
      warn(
        `${formatImageId(image)}: ${proof.undecoded} It is kept as an original, and decoded once the limit allows it.`,
      )
    }
    if (proof.format !== 'png') {
      warn(
        `${formatImageId(image)}: the API was asked for a PNG and answered with ${proof.format.toUpperCase()}. It is kept as it came, and converted where another format is wanted.`,
      )
    }
    return { state: 'committed', ...committed }
  } catch (error) {
    throw answerNotCommitted({ image }, answer, error)
  }
}

async function pictureOf(
  { picture, link, decodeError }: Reception,
  parts: FetchParts,
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
  { store, journal }: Pick<Parts, 'store' | 'journal'>,
): Promise<void> {
  const quarantined: string[] = []
  if (attempt.answer) quarantined.push((await store.quarantine(attempt.answer, problem)).path)
  await journal.settle(attempt.record.key, attempt, { outcome: 'unusable', problem, quarantined })
}

/** What the provider noticed about an answer that is good nevertheless. */
function answerWarnings({ facts }: DecodedPicture): readonly string[] {
  const { warnings } = facts
  return Array.isArray(warnings) ? warnings.filter(warning => typeof warning === 'string') : []
}

interface Disproof {
  /** As sentences. */
  readonly problem: string
  readonly cause: unknown
}

async function provePicture(
  picture: DecodedPicture,
  prove: Parts['prove'],
): Promise<ProvenPicture | Disproof> {
  try {
    return await prove(picture.file)
  } catch (cause) {
    // Whatever else is thrown (a decoder that cannot be loaded, a full disk) says nothing about the picture.
    if (!(cause instanceof UnusablePictureError)) throw cause
    return { problem: `The answer was no usable picture: ${cause.message}`, cause }
  }
}

async function commit(
  { record }: SentAttempt,
  picture: DecodedPicture,
  proof: PictureFacts,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<{ readonly original: Original; readonly first: boolean }> {
  const committed = await store.commit(
    {
      version: 1,
      key: record.key,
      request: record.request,
      digest: picture.digest,
      size: picture.size,
      format: proof.format,
      width: proof.width,
      height: proof.height,
      requestId: record.requestId,
      attempts: record.attempt,
      createdAt: clock.date().toISOString(),
      facts: picture.facts,
    },
    picture.file,
  )
  await rm(picture.file, { force: true })
  return committed
}

/**
 * The record comes first: after a crash the answer is judged once more, and nothing is requested.
 * @param files what came, the decoded picture before the raw answer
 */
async function setAsideUnusable(
  attempt: SentAttempt,
  files: readonly string[],
  { problem, cause }: Disproof,
  { store, journal, clock }: Pick<Parts, 'store' | 'journal' | 'clock'>,
): Promise<KeptAnswer> {
  const { key, request, requestId, image, attempt: attempts } = attempt.record
  const createdAt = clock.date().toISOString()
  await store.recordUnusable({ version: 1, key, request, problem, requestId, attempts, createdAt })
  const quarantined: Quarantined[] = []
  for (const file of files) quarantined.push(await store.quarantine(file, problem))
  const paths = quarantined.map(({ path }) => path)
  await journal.settle(key, attempt, { outcome: 'unusable', problem, quarantined: paths })
  const error = new UnusableAnswerError(
    `${formatImageId(image)}: ${problem} What came may have been billed and is kept in ${paths.join(' and ')}. ${adviseAgain(image)}`,
    { requestId, paths, cause },
  )
  return { state: 'unusable', error, quarantined }
}

async function settleFault(
  attempt: SentAttempt,
  answer: string,
  error: AttemptError,
  { store, journal }: Pick<Parts, 'store' | 'journal'>,
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
