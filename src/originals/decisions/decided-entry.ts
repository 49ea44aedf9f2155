import type { Digest } from '../../system/digest.ts'
import { rememberAttempts } from '../journal/earlier-attempts.ts'
import type { JournalAttempt } from '../journal/journal-record.ts'
import { requestVersion } from '../newer-version.ts'
import type { OriginalEntry, PictureFacts, WantedOriginal } from '../original.ts'
import type { Adoption } from '../store/entry/decision.ts'

/**
 * The entry of a picture that stays for another request. It says nothing of when it was kept, so
 * that all machines write the same one. Pure.
 * @param attempts at the new request, which brought no picture
 */
export function keptEntry(
  { signature: _, ...entry }: OriginalEntry,
  { key, request }: WantedOriginal,
  attempts: readonly JournalAttempt[] = [],
): OriginalEntry {
  const facts = rememberAttempts({ ...entry.facts, kept: { from: entry.key } }, attempts)
  return { ...entry, version: requestVersion(request), key, request, facts }
}

/** A file that was decoded in full. */
export interface AdoptedFile extends PictureFacts {
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
}

/** The entry of a picture that was made elsewhere. Pure. */
export function adoptedEntry(
  { digest, size, format, width, height }: AdoptedFile,
  { key, request }: WantedOriginal,
  {
    attempts,
    createdAt,
    ...adoption
  }: Adoption & { readonly attempts: readonly JournalAttempt[]; readonly createdAt: string },
): OriginalEntry {
  return {
    version: requestVersion(request),
    key,
    request,
    digest,
    size,
    format,
    width,
    height,
    // The same file gets the same one on all machines.
    requestId: `adopted-${digest.slice(0, 16)}`,
    attempts: 0,
    createdAt,
    facts: rememberAttempts({ adopted: { ...adoption } }, attempts),
  }
}
