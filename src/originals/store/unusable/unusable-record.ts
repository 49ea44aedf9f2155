import * as v from 'valibot'
import { IS_LFS_POINTER, isLfsPointer } from '../../../manifest/source/lfs-pointer.ts'
import { type ImageRequest, isKey, type Key } from '../../../plan/image-request.ts'
import { requestKey } from '../../../plan/request-key.ts'
import { isNewer, NEEDS_NEWER, requestVersion } from '../../newer-version.ts'
import { orderRequest, requestSchema } from '../entry/entry.ts'

/** Bytes. A request as long as an entry can hold, and a sentence. */
export const LARGEST_RECORD = 8 * 1024 * 1024

/** Characters of {@link UnusableRecord.problem}. */
const LONGEST_PROBLEM = 4_000

/**
 * An answer of the API that was complete and held no usable picture:
 * `unusable/<kk>/<key>.json`. The key is not requested again on its own. Committed and shared like
 * entries, so it holds no path of a machine, no address of a picture and nothing of the answer
 * itself, which stays in quarantine where it arrived.
 */
export interface UnusableRecord {
  /** {@link requestVersion} */
  readonly version: 1 | 2
  readonly key: Key
  readonly request: ImageRequest
  /** What the answer was instead, and what to do, as sentences. */
  readonly problem: string
  readonly requestId: string
  readonly attempts: number
  /** ISO 8601. */
  readonly createdAt: string
}

const recordSchema = v.strictObject({
  version: v.picklist([1, 2]),
  key: v.pipe(v.string(), v.guard(isKey)),
  request: requestSchema,
  problem: v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_PROBLEM)),
  requestId: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  attempts: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
})

export type ParsedRecord =
  | { readonly record: UnusableRecord }
  /** What is wrong, as the end of a sentence about the file. */
  | { readonly problem: string; readonly newer?: true }

/** Reads a record strictly: every field, no other field, the key of its name and of its request. */
export function parseUnusableRecord(bytes: Uint8Array, key: Key): ParsedRecord {
  if (isLfsPointer(bytes)) return { problem: IS_LFS_POINTER }
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return { problem: 'is not valid JSON' }
  }
  const { success, output: record } = v.safeParse(recordSchema, json, { abortPipeEarly: true })
  if (!success && isNewer(json)) return { problem: NEEDS_NEWER, newer: true }
  if (!success) return { problem: 'is not a valid record' }
  if (record.key !== key || requestKey(record.request) !== key) {
    return { problem: 'belongs to another request' }
  }
  return { record }
}

/** The same record always gives the same text, a line a field, so that changes can be reviewed. */
export function serializeUnusableRecord(record: UnusableRecord): Uint8Array {
  const ordered: UnusableRecord = {
    version: requestVersion(record.request),
    key: record.key,
    request: orderRequest(record.request),
    problem: record.problem.slice(0, LONGEST_PROBLEM),
    requestId: record.requestId,
    attempts: record.attempts,
    createdAt: record.createdAt,
  }
  return Buffer.from(`${JSON.stringify(ordered, null, 2)}\n`)
}

/** `unusable/<kk>/<key>.json` */
export function unusableName(key: Key): string {
  return `unusable/${key.slice(0, 2)}/${key}.json`
}

/** The key of a record's name; undefined for other names. */
export function keyOfUnusableName(name: string): Key | undefined {
  const key = /^unusable\/[0-9a-f]{2}\/(\w+)\.json$/.exec(name)?.[1] ?? ''
  return isKey(key) && unusableName(key) === name ? key : undefined
}
