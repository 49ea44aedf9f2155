import * as v from 'valibot'
import { fields } from '../schema/fields.ts'
import { isRecord } from '../system/is-record.ts'
import { RASTER_FORMATS } from '../system/picture-format.ts'
import { COLOR, POSITION } from './parse-output.ts'
import { findPriceFaults, type Prices } from './prices.ts'
import { providerSchema } from './provider/provider-schema.ts'

/** Relative to the project's root. */
export const DEFAULT_RENDITIONS_DIR = 'node_modules/.cache/unplugin-imagegen'

export const DEFAULT_INCLUDE: readonly string[] = ['**/*.image.{yaml,yml}']

export const DEFAULT_EXCLUDE: readonly string[] = ['**/node_modules/**', '**/dist/**']

export const MODES = ['generate', 'frozen', 'draft'] as const

const globs = v.union([v.string(), v.array(v.string())])
const count = v.pipe(v.number(), v.integer(), v.minValue(1))
const filled = v.pipe(v.string(), v.nonEmpty())

const prices = v.pipe(
  v.custom<Prices>(isRecord),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    for (const { path, problem } of findPriceFaults(dataset.value)) {
      const [first, ...rest] = path.map(key => priceStep(key))
      addIssue({ message: problem, ...(first && { path: [first, ...rest] }) })
    }
  }),
)

function priceStep(key: string): v.UnknownPathItem {
  return { type: 'unknown', origin: 'value', input: undefined, key, value: undefined }
}

const budget = fields({
  images: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 100),
  spend: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0))),
  currency: v.optional(v.pipe(v.string(), v.check(isCurrency)), 'USD'),
  prices: v.optional(prices, {}),
})

/** Whether a text is an ISO 4217 code. */
function isCurrency(code: string): boolean {
  return Intl.supportedValuesOf('currency').includes(code)
}

/** Below the output folder, on every system. */
const JSON_FILE = /^(?!.*(?:^|\/)\.{1,2}\/)[^\s\\:?#%*"<>|/][^\\:?#%*"<>|]*\.json$/

const percentage = v.pipe(count, v.maxValue(100))
const qualities = fields({
  png: v.optional(percentage),
  jpeg: v.optional(percentage),
  webp: v.optional(percentage),
  avif: v.optional(percentage),
})

const output = fields({
  formats: v.optional(v.pipe(v.array(v.picklist(RASTER_FORMATS)), v.minLength(1))),
  widths: v.optional(v.array(count)),
  width: v.optional(count),
  densities: v.optional(v.array(v.pipe(v.number(), v.minValue(1), v.maxValue(4)))),
  quality: v.optional(v.union([percentage, qualities])),
  effort: v.optional(v.pipe(count, v.maxValue(9))),
  aspect: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d*:[1-9]\d*$/))),
  fit: v.optional(v.picklist(['cover', 'contain', 'fill', 'inside', 'outside'])),
  position: v.optional(v.pipe(v.string(), v.regex(POSITION))),
  background: v.optional(v.pipe(v.string(), v.regex(COLOR))),
  placeholder: v.optional(v.picklist(['none', 'color', 'blur', 'thumbhash'])),
})

export const storeSchema = fields({
  type: v.literal('s3'),
  bucket: filled,
  prefix: v.optional(v.string(), ''),
  endpoint: v.optional(v.string()),
  region: v.optional(v.string()),

  access: v.optional(v.picklist(['read-write', 'read-only']), 'read-write'),
  required: v.optional(v.boolean(), true),
})

/**
 * What each option may be, and what it is when it is absent. A test holds the documented interface
 * `Options` against it, types and defaults: inferred types would put valibot's own into the package.
 */
export const optionsSchema = fields({
  mode: v.optional(v.picklist(MODES), 'generate'),
  root: v.optional(v.string()),
  include: v.optional(globs, [...DEFAULT_INCLUDE]),
  exclude: v.optional(globs, [...DEFAULT_EXCLUDE]),
  provider: v.optional(providerSchema, {}),
  providers: v.optional(v.record(v.string(), providerSchema), {}),
  cacheDir: v.optional(filled, '.imagegen'),
  renditionsDir: v.optional(filled, DEFAULT_RENDITIONS_DIR),
  output: v.optional(output),
  assets: v.optional(v.pipe(v.string(), v.regex(JSON_FILE))),
  store: v.optional(storeSchema),
  types: v.optional(v.union([v.picklist(['mirror', 'sidecar']), v.literal(false)]), 'mirror'),
  budget: v.optional(budget, {}),
  limits: v.optional(
    fields({
      answerBytes: v.optional(count, 268_435_456),
      pixels: v.optional(count, 3_840),
      sourcePixels: v.optional(count, 100_000_000),
    }),
    {},
  ),
  onSizeMismatch: v.optional(v.picklist(['ignore', 'warn', 'error']), 'warn'),
  dev: v.optional(
    fields({
      generate: v.optional(v.picklist(['auto', 'manual']), 'auto'),
      access: v.optional(v.picklist(['local', 'network']), 'local'),
    }),
    {},
  ),
})

/** Options with every default that does not depend on others. */
export type CompleteOptions = v.InferOutput<typeof optionsSchema>
