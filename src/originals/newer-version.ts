import type { ImageRequest } from '../plan/image-request.ts'
import { isRecord } from '../system/is-record.ts'

/** Ends a sentence about a file that this version can't read and must leave alone. */
export const NEEDS_NEWER = 'needs a newer version of unplugin-imagegen'

/** What to do about it, as a sentence. */
export const UPDATE =
  'Update unplugin-imagegen here. Until then the file stays unchanged, and nothing is requested for it.'

/** Whether a record that this version can't read was written by a later one: all of 0.1.0 are version 1. */
export function isNewer(json: unknown): boolean {
  return isRecord(json) && typeof json.version === 'number' && json.version > 1
}

/**
 * The version of a record that holds a request: 1 as long as 0.1.0 reads it rightly, 2 for a request
 * with fields that 0.1.0 does not know, which it then leaves alone instead of calling it corrupt.
 */
export function requestVersion({ provider, mask, params }: ImageRequest): 1 | 2 {
  const isNested = Object.values(params).some(value => typeof value === 'object' && value !== null)
  return provider !== undefined || mask !== undefined || isNested ? 2 : 1
}
