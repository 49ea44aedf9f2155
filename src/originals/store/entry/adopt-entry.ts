import type { OriginalEntry, WantedOriginal } from '../../original.ts'

/**
 * The entry of a picture that was kept under another key of the same request. It says nothing of
 * when it was adopted, so that all machines write the same one.
 */
export function adoptEntry(
  { signature: _, ...entry }: OriginalEntry,
  { key, request }: WantedOriginal,
): OriginalEntry {
  return { ...entry, key, request, facts: { ...entry.facts, adoptedFrom: entry.key } }
}
