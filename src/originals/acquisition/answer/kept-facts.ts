import { readFile } from 'node:fs/promises'
import { isRecord } from '../../../system/is-record.ts'
import type { JournalAttempt } from '../../journal/journal-record.ts'
import type { DecodedPicture } from './decode-picture.ts'

/** A picture of an earlier run with the facts that the journal keeps beside its answer. */
export async function withKeptFacts(
  picture: DecodedPicture,
  { facts }: Pick<JournalAttempt, 'facts'>,
): Promise<DecodedPicture> {
  if (facts === undefined) return picture
  const kept: unknown = JSON.parse(await readFile(facts, 'utf8'))
  return isRecord(kept) ? { ...picture, facts: { ...picture.facts, ...kept } } : picture
}
