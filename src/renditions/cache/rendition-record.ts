import * as v from 'valibot'
import { isDigest } from '../../system/digest.ts'

const digest = v.pipe(v.string(), v.guard(isDigest))
const percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100))

const RenditionEntrySchema = v.object({
  size: v.pipe(v.number(), v.integer(), v.minValue(1)),
  digest,
  /** Day of the last use, in days since 1970. */
  used: v.pipe(v.number(), v.integer()),
  /** The file's identity when its digest was last checked; absent while the file is too young to be sure. */
  mark: v.optional(v.string()),
})

const PlaceholderSchema = v.object({
  color: v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/)),
  dataUrl: v.exactOptional(v.pipe(v.string(), v.startsWith('data:image/'))),
  thumbhash: v.exactOptional(v.pipe(v.string(), v.base64())),
})

/** How much of what a crop leaves out is on its left and above it, in per cent. */
const CropPointSchema = v.pipe(v.tuple([percent, percent]), v.readonly())

const RecordSchema = v.object({
  version: v.literal(1),
  renditions: v.record(v.pipe(v.string(), v.check(isDigest)), RenditionEntrySchema),
  placeholders: v.record(v.string(), PlaceholderSchema),
  /** Whether the original has transparent pixels; absent while nobody has looked. */
  alpha: v.exactOptional(v.boolean()),
  /** Where strategies crop it; absent while none was asked. */
  crops: v.exactOptional(v.record(v.string(), CropPointSchema)),
})

export type RenditionEntry = v.InferOutput<typeof RenditionEntrySchema>

/** What is known about the renditions of one original. It may be lost. */
export type RenditionRecord = v.InferOutput<typeof RecordSchema>

export const EMPTY_RECORD: RenditionRecord = { version: 1, renditions: {}, placeholders: {} }

/** An incomplete record counts as none: its renditions are made again. */
export function parseRecord(text: string): RenditionRecord {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return EMPTY_RECORD
  }
  const result = v.safeParse(RecordSchema, value)
  return result.success ? result.output : EMPTY_RECORD
}

export function mergeRecords(older: RenditionRecord, newer: RenditionRecord): RenditionRecord {
  const alpha = newer.alpha ?? older.alpha
  return {
    version: 1,
    ...(alpha !== undefined && { alpha }),
    renditions: { ...older.renditions, ...newer.renditions },
    placeholders: { ...older.placeholders, ...newer.placeholders },
    ...((older.crops || newer.crops) && { crops: { ...older.crops, ...newer.crops } }),
  }
}
