import * as v from 'valibot'
import { IS_LFS_POINTER, isLfsPointer } from '../../../manifest/source/lfs-pointer.ts'
import { type ImageRequest, isKey, type Key } from '../../../plan/image-request.ts'
import { requestKey } from '../../../plan/request-key.ts'
import { isDigest } from '../../../system/digest.ts'
import { isRecord } from '../../../system/is-record.ts'
import { isJson, sortedJson } from '../../../system/json.ts'
import { extensionOf, PICTURE_FORMATS } from '../../../system/picture-format.ts'
import { isNewer, NEEDS_NEWER, requestVersion } from '../../newer-version.ts'
import type { OriginalEntry } from '../../original.ts'

/** Bytes. The longest prompt that a manifest can hold, escaped, and then some. */
export const LARGEST_ENTRY = 8 * 1024 * 1024

/** Bytes of JSON. What an API says beside the picture is worth keeping, but not without limit. */
const LARGEST_FACTS = 256 * 1024

const digest = v.pipe(v.string(), v.guard(isDigest, 'must be 64 hexadecimal digits'))
const key = v.pipe(v.string(), v.guard(isKey, 'must be 64 hexadecimal digits'))
const count = v.pipe(v.number(), v.safeInteger('must be a whole number'), v.minValue(0))
const positive = v.pipe(count, v.minValue(1, 'must be at least 1'))
// `params` and `facts` are checked by hand: v.record() leaves out names such as `constructor`.
/** A request as it is stored. */
export const requestSchema = v.strictObject({
  endpoint: v.picklist(['generations', 'edits']),
  provider: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  model: v.string(),
  prompt: v.string(),
  size: v.string(),
  params: v.custom<OriginalEntry['request']['params']>(
    value => isRecord(value) && isJson(value),
    'must hold only JSON',
  ),
  revision: v.pipe(v.number(), v.safeInteger()),
  references: v.array(digest),
  mask: v.exactOptional(digest),
})

const entrySchema = v.strictObject({
  version: v.picklist([1, 2]),
  key,
  request: requestSchema,
  digest,
  size: positive,
  format: v.picklist(PICTURE_FORMATS),
  width: positive,
  height: positive,
  requestId: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  attempts: count,
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  facts: v.custom<OriginalEntry['facts']>(isRecord, 'must be an object'),
  signature: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(1_000))),
})

export type ParsedEntry =
  | { readonly entry: OriginalEntry }
  /** What is wrong, as the end of a sentence about the file; `newer`: nothing, but for this version. */
  | { readonly problem: string; readonly newer?: true }

/** Reads an entry strictly: every field, no other field, the key of its name and of its request. */
export function parseEntry(bytes: Uint8Array, key: Key): ParsedEntry {
  if (bytes.length === 0) return { problem: 'is empty' }
  if (bytes.length > LARGEST_ENTRY) {
    return { problem: `has ${bytes.length} bytes, more than an entry may have` }
  }
  if (isLfsPointer(bytes)) return { problem: IS_LFS_POINTER }
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return { problem: 'is not complete JSON' }
  }
  const parsed = v.safeParse(entrySchema, json, { abortPipeEarly: true })
  if (!parsed.success && isNewer(json)) return { problem: NEEDS_NEWER, newer: true }
  if (!parsed.success)
    return { problem: `is not a valid entry (${describeIssue(parsed.issues[0])})` }
  const entry: OriginalEntry = parsed.output
  if (entry.version < requestVersion(entry.request)) {
    return { problem: 'is not a valid entry (request.params, or another field, needs version 2)' }
  }
  if (entry.key !== key) return { problem: `belongs to another key, ${entry.key}` }
  if (requestKey(entry.request) !== key) {
    return { problem: 'holds a request that does not match its name' }
  }
  return { entry }
}

/** The same entry always gives the same text, a line a field, so that changes can be reviewed. */
export function serializeEntry(entry: OriginalEntry): Uint8Array {
  const ordered: OriginalEntry = {
    version: requestVersion(entry.request),
    key: entry.key,
    request: orderRequest(entry.request),
    digest: entry.digest,
    size: entry.size,
    format: entry.format,
    width: entry.width,
    height: entry.height,
    requestId: entry.requestId,
    attempts: entry.attempts,
    createdAt: entry.createdAt,
    facts: entry.facts,
    ...(entry.signature === undefined ? {} : { signature: entry.signature }),
  }
  return Buffer.from(`${JSON.stringify(ordered, null, 2)}\n`)
}

/** The same request always gives the same JSON. */
export function orderRequest(request: ImageRequest): ImageRequest {
  return {
    endpoint: request.endpoint,
    ...(request.provider !== undefined && { provider: request.provider }),
    model: request.model,
    prompt: request.prompt,
    size: request.size,
    params: Object.fromEntries(
      Object.entries(request.params)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => [name, sortedJson(value)]),
    ),
    revision: request.revision,
    references: request.references,
    ...(request.mask !== undefined && { mask: request.mask }),
  }
}

/** Bytes of JSON. What a picture cost is worth keeping of any answer. */
const LARGEST_KEPT_FACT = 64 * 1024

/**
 * Facts as they are kept: beyond a limit only their names and what tells the cost, so that no answer
 * is too talkative to be stored.
 */
export function limitFacts(facts: OriginalEntry['facts']): OriginalEntry['facts'] {
  const size = sizeOf(facts)
  if (size <= LARGEST_FACTS) return facts
  const kept = ['usage', 'earlierAttempts', 'kept', 'adopted'].filter(
    name => typeof facts[name] === 'object' && sizeOf(facts[name]) <= LARGEST_KEPT_FACT,
  )
  return {
    omitted: `${size} bytes of JSON`,
    names: Object.keys(facts).slice(0, 100),
    ...Object.fromEntries(kept.map(name => [name, facts[name]])),
  }
}

function sizeOf(fact: unknown): number {
  return Buffer.byteLength(JSON.stringify(fact))
}

/** `entries/<kk>/<key>.json` */
export function entryName(key: Key): string {
  return `entries/${key.slice(0, 2)}/${key}.json`
}

/** The key that an entry's name stands for; undefined for other objects. */
export function keyOfEntryName(name: string): Key | undefined {
  const key = /^entries\/[0-9a-f]{2}\/(\w+)\.json$/.exec(name)?.[1] ?? ''
  return isKey(key) && entryName(key) === name ? key : undefined
}

/** `blobs/<dd>/<sha256>.<ext>`, the extension true to the format. */
export function blobName({ digest, format }: Pick<OriginalEntry, 'digest' | 'format'>): string {
  return `blobs/${digest.slice(0, 2)}/${digest}.${extensionOf(format)}`
}

/** Names fields of entries only, and no values: the file may be any JSON, with secrets in it. */
function describeIssue(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === 'never') return 'it has an unknown field'
  const path = issue.path?.map(item => String(item.key)).join('.') ?? 'the whole'
  if (issue.received === 'undefined') return `${path} is missing`
  // Our own messages say what is needed; the library's quote the value.
  return `${path} ${issue.message.startsWith('must ') ? issue.message : 'is not valid'}`
}
