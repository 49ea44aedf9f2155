import * as v from 'valibot'
import { RASTER_FORMATS } from '../system/picture-format.ts'

const globs = v.union([v.string(), v.array(v.string())])
const milliseconds = v.pipe(v.number(), v.integer(), v.minValue(0))
const patience = v.pipe(milliseconds, v.minValue(1))
export const timeout = v.strictObject({
  silence: v.optional(patience),
  total: v.optional(patience),
})
const pixels = v.pipe(v.number(), v.integer(), v.minValue(1))

const retry = v.strictObject({
  delays: v.optional(v.array(milliseconds)),
  maxDelay: v.optional(milliseconds),
  uncertain: v.optional(v.picklist(['retry', 'stop'])),
})

export const provider = v.strictObject({
  preset: v.optional(v.picklist(['llmeasy', 'openai'])),
  baseURL: v.optional(v.string()),
  apiKeyEnv: v.optional(
    v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*$/, 'is not the name of a variable')),
  ),
  model: v.optional(v.pipe(v.string(), v.nonEmpty())),
  concurrency: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64))),
  // Not a union, whose faults would not say which part is wrong.
  timeout: v.optional(v.lazy(input => (typeof input === 'object' ? timeout : patience))),
  retry: v.optional(retry),
})

const output = v.strictObject({
  formats: v.optional(v.pipe(v.array(v.picklist(RASTER_FORMATS)), v.nonEmpty())),
  widths: v.optional(v.array(pixels)),
  quality: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100))),
  aspect: v.optional(
    v.pipe(v.string(), v.regex(/^[1-9]\d*:[1-9]\d*$/, 'is not of the form "16:9"')),
  ),
  fit: v.optional(v.picklist(['cover', 'contain', 'fill', 'inside', 'outside'])),
  placeholder: v.optional(v.picklist(['none', 'color', 'blur', 'thumbhash'])),
})

const store = v.strictObject({
  type: v.literal('s3'),
  bucket: v.pipe(v.string(), v.nonEmpty()),
  prefix: v.optional(v.string()),
  endpoint: v.optional(v.string()),
  region: v.optional(v.string()),
  access: v.optional(v.picklist(['read-write', 'read-only'])),
  required: v.optional(v.boolean()),
})

/** Checks what TypeScript cannot: plain JavaScript, JSON, and ranges. A test holds it against the documented `Options`. */
export const optionsSchema = v.strictObject({
  mode: v.optional(v.picklist(['generate', 'frozen', 'draft'])),
  root: v.optional(v.string()),
  include: v.optional(globs),
  exclude: v.optional(globs),
  provider: v.optional(provider),
  cacheDir: v.optional(v.pipe(v.string(), v.nonEmpty())),
  renditionsDir: v.optional(v.pipe(v.string(), v.nonEmpty())),
  output: v.optional(output),
  store: v.optional(store),
  types: v.optional(v.union([v.picklist(['mirror', 'sidecar']), v.literal(false)])),
  budget: v.optional(
    v.strictObject({
      images: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
      prices: v.optional(v.record(v.string(), v.pipe(v.number(), v.minValue(0)))),
    }),
  ),
  limits: v.optional(
    v.strictObject({ answerBytes: v.optional(pixels), pixels: v.optional(pixels) }),
  ),
  onSizeMismatch: v.optional(v.picklist(['ignore', 'warn', 'error'])),
  dev: v.optional(
    v.strictObject({
      generate: v.optional(v.picklist(['auto', 'manual'])),
      access: v.optional(v.picklist(['local', 'network'])),
    }),
  ),
})

export type OptionsInput = v.InferInput<typeof optionsSchema>
