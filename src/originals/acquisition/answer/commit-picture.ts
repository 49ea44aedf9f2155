import { rm } from 'node:fs/promises'
import { UnusablePictureError } from '../../../errors/unusable-picture-error.ts'
import { formatImageId } from '../../../manifest/image-id.ts'
import { withEarlierAttempts } from '../../journal/earlier-attempts.ts'
import type { JournalAttempt } from '../../journal/journal-record.ts'
import { requestVersion } from '../../newer-version.ts'
import type { Original, PictureFacts, ProvenPicture } from '../../original.ts'
import { answerFacts } from '../../store/entry/decision.ts'
import type { AcquisitionDeps } from '../acquisition.ts'
import type { DecodedPicture } from './decode-picture.ts'

export type SentAttempt = Pick<JournalAttempt, 'name' | 'record'>

/** Why an answer is not a usable picture. */
export interface Disproof {
  /** As sentences. */
  readonly problem: string
  readonly cause: unknown
}

/** @throws faults that say nothing about the picture: a decoder that cannot be loaded, a full disk */
export async function proveDecoded(
  picture: DecodedPicture,
  prove: AcquisitionDeps['prove'],
): Promise<ProvenPicture | Disproof> {
  try {
    return await prove(picture.file)
  } catch (cause) {
    if (!(cause instanceof UnusablePictureError)) throw cause
    return { problem: `The answer held no usable picture: ${cause.message}`, cause }
  }
}

/** Makes an original of a proven picture, whose file is removed. */
export async function commitPicture(
  attempt: SentAttempt,
  picture: DecodedPicture,
  proof: PictureFacts,
  { store, journal, clock }: Pick<AcquisitionDeps, 'store' | 'journal' | 'clock'>,
): Promise<{ readonly original: Original; readonly first: boolean }> {
  const { record } = attempt
  const earlier = {
    attempts: record.attempt > 1 ? await journal.read(record.key) : [],
    unusable: await store.unusableRecord(record.key),
  }
  const committed = await store.commit(
    {
      version: requestVersion(record.request),
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
      facts: withEarlierAttempts(answerFacts(picture.facts), attempt, earlier),
    },
    picture.file,
  )
  await rm(picture.file, { force: true })
  return committed
}

/** What is odd about a picture that is an original nevertheless, as sentences that name its image. */
export function pictureWarnings(
  { record }: SentAttempt,
  picture: DecodedPicture,
  { format, undecoded }: ProvenPicture,
): readonly string[] {
  const warnings = [...answerWarnings(picture)]
  if (undecoded !== undefined) {
    warnings.push(
      `${undecoded} It is kept as an original, and will be decoded once the limit allows it.`,
    )
  }
  if (format !== 'png') {
    warnings.push(
      `the API answered with ${format.toUpperCase()} instead of PNG. The file is kept unchanged and converted where another format is needed.`,
    )
  }
  return warnings.map(warning => `${formatImageId(record.image)}: ${warning}`)
}

/** What the provider noticed about an answer that is good nevertheless. */
function answerWarnings({ facts }: DecodedPicture): readonly string[] {
  const { warnings } = facts
  return Array.isArray(warnings) ? warnings.filter(warning => typeof warning === 'string') : []
}
