import * as v from 'valibot'
import { type ImageRequest, isKey } from '../../plan/image-request.ts'
import { isDigest } from '../../system/digest.ts'
import { isRecord } from '../../system/is-record.ts'
import { isJson } from '../../system/json.ts'

const text = v.pipe(v.string(), v.maxLength(65_536))
const digest = v.pipe(v.string(), v.guard(isDigest))

const isParams = (value: unknown): boolean => isRecord(value) && isJson(value)

const attemptRecord = v.object({
  /** 2 where 0.1.0 would read another request: {@link requestVersion}. */
  version: v.picklist([1, 2]),
  key: v.pipe(v.string(), v.guard(isKey)),
  requestId: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  /** How many attempts at this key came before, in this and in earlier runs, plus one. */
  attempt: v.pipe(v.number(), v.integer(), v.minValue(1)),
  image: v.object({ manifest: text, name: text }),
  /** Who was asked, by its name in the options; absent: the first one. */
  provider: v.exactOptional(text),
  /** The whole request, so that its answer can be committed by a run that no longer asks for it. */
  request: v.object({
    endpoint: v.picklist(['generations', 'edits']),
    provider: v.exactOptional(text),
    model: text,
    prompt: v.string(),
    size: text,
    // Not v.record(), which leaves out names such as `constructor`.
    params: v.custom<ImageRequest['params']>(isParams),
    revision: v.number(),
    references: v.pipe(v.array(digest), v.readonly()),
    mask: v.exactOptional(digest),
  }),
  /** ISO 8601, just before the request was sent. */
  time: v.pipe(v.string(), v.isoTimestamp()),
})

const outcomeRecord = v.object({
  version: v.literal(1),
  /**
   * `not-processed`, `refused`: certainly not billed. `uncertain`: perhaps billed. `unusable`:
   * answered and billed, but no usable picture.
   */
  outcome: v.picklist(['not-processed', 'refused', 'uncertain', 'unusable']),
  problem: v.string(),
  /** An AttemptErrorCode, and the status of the answer. Absent in records of 0.1.0. */
  code: v.exactOptional(v.string()),
  status: v.exactOptional(v.number()),
  /** Absolute paths in quarantine. */
  quarantined: v.array(v.string()),
  time: v.pipe(v.string(), v.isoTimestamp()),
})

/** What is on disk before an attempt is sent. */
export type AttemptRecord = v.InferOutput<typeof attemptRecord>
/** What is certain after it. Absent after a crash: then the attempt is uncertain. */
export type OutcomeRecord = v.InferOutput<typeof outcomeRecord>

/** @throws ValiError, SyntaxError */
export function parseAttemptRecord(json: string): AttemptRecord {
  return v.parse(attemptRecord, JSON.parse(json))
}

/** @throws ValiError, SyntaxError */
export function parseOutcomeRecord(json: string): OutcomeRecord {
  return v.parse(outcomeRecord, JSON.parse(json))
}

/** One attempt as the journal knows it. */
export interface JournalAttempt {
  /** Names the attempt's files; sorts by age. */
  readonly name: string
  readonly record: AttemptRecord
  readonly outcome?: OutcomeRecord
  /** Absolute path of the raw answer, whole and synced. */
  readonly answer?: string
  /** Absolute path of a raw answer that may have been cut off. */
  readonly partialAnswer?: string
  /** Absolute path of what its provider said beside the answer, as JSON. */
  readonly facts?: string
}

/** What earlier attempts at a key mean for the next one. */
export interface Resumption {
  /** The request ID to go on with; undefined: a new one. */
  readonly requestId: string | undefined
  /** Attempts whose answer may be on disk, the most promising first. */
  readonly answered: readonly JournalAttempt[]
  /** Attempts that may have been billed, or were, without a picture to show for it. Oldest first. */
  readonly unresolved: readonly JournalAttempt[]
}

/**
 * The last attempt, when the API has refused just this request: its words (moderation), or a
 * parameter that is no good. Other refusals (a key, a quota, an address) may be mended meanwhile.
 */
export function findRefusal(attempts: readonly JournalAttempt[]): JournalAttempt | undefined {
  const last = attempts.at(-1)
  const { outcome, code, status } = last?.outcome ?? {}
  if (outcome !== 'refused') return undefined
  const isOwn = code === 'MODERATION' || (code === 'REJECTED' && (status === 400 || status === 422))
  return isOwn ? last : undefined
}

/** Decides what the attempts of earlier runs mean, oldest first. */
export function planResumption(attempts: readonly JournalAttempt[]): Resumption {
  // The API may answer a known ID with what it answered before: such an answer ends its ID.
  const ended = attempts.filter(
    ({ outcome }) => outcome?.outcome === 'unusable' || outcome?.outcome === 'refused',
  )
  const spent = new Set(ended.map(({ record }) => record.requestId))
  const open = attempts.filter(({ outcome }) => !outcome)
  return {
    requestId: attempts.findLast(({ record }) => !spent.has(record.requestId))?.record.requestId,
    answered: [
      ...open.filter(({ answer }) => answer),
      ...open.filter(({ answer, partialAnswer }) => !answer && partialAnswer),
    ],
    unresolved: attempts.filter(
      ({ outcome }) => outcome?.outcome !== 'not-processed' && outcome?.outcome !== 'refused',
    ),
  }
}
