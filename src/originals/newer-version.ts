import { isRecord } from '../system/is-record.ts'

/** Ends a sentence about a file that this version can't read and must leave alone. */
export const NEEDS_NEWER = 'needs a newer version of unplugin-imagegen'

/** What to do about it, as a sentence. */
export const UPDATE =
  'Update unplugin-imagegen here. Until then the file is left as it is, and nothing is requested for it.'

/** Whether a record was written by a later version than this one, which only knows version 1. */
export function isNewer(json: unknown): boolean {
  return isRecord(json) && typeof json.version === 'number' && json.version > 1
}
