import * as v from 'valibot'
import { fields } from '../../schema/fields.ts'
import { isRecord } from '../../system/is-record.ts'
import type { ImageProvider } from './image-provider.ts'

const milliseconds = v.pipe(v.number(), v.integer(), v.minValue(0))
const patience = v.pipe(milliseconds, v.minValue(1))
const filled = v.pipe(v.string(), v.nonEmpty())
const texts = v.record(v.string(), v.string())

const retry = fields({
  delays: v.optional(v.array(milliseconds), [3_000, 8_000, 15_000]),
  maxDelay: v.optional(milliseconds, 120_000),
  uncertain: v.optional(v.picklist(['retry', 'stop']), 'retry'),
})

/** What stands in `provider`, and in each of `providers`. */
export const providerSchema = fields({
  use: v.optional(v.custom<ImageProvider>(isImageProvider)),
  preset: v.optional(v.picklist(['llmeasy', 'openai', 'compatible']), 'llmeasy'),
  baseURL: v.optional(v.string()),
  apiKeyEnv: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*$/))),
  authHeader: v.optional(v.union([filled, v.literal(false)])),
  headers: v.optional(texts),
  query: v.optional(texts),
  paths: v.optional(fields({ generations: v.optional(filled), edits: v.optional(filled) })),
  fields: v.optional(
    v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.null()])),
  ),
  sizes: v.optional(v.union([v.array(filled), v.literal('any')])),
  masks: v.optional(v.boolean()),
  forbidden: v.optional(v.picklist(['stop', 'refused'])),
  model: v.optional(filled, 'gpt-image-2'),
  concurrency: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)), 4),
  timeout: v.optional(
    v.union([patience, fields({ silence: v.optional(patience), total: v.optional(patience) })]),
  ),
  retry: v.optional(retry, {}),
})

/** A provider's options with every default that does not depend on others. */
export type CompleteProviderOptions = v.InferOutput<typeof providerSchema>

/** Whether a value has the form that `defineProvider` proves in full. */
function isImageProvider(value: unknown): value is ImageProvider {
  return isRecord(value) && typeof value.name === 'string' && typeof value.generate === 'function'
}
