import * as v from 'valibot'
import { MOST_ALTERNATIVES } from '../data/gallery-data.ts'

const imageId = v.strictObject({ manifest: v.string(), name: v.string() })
const revision = v.pipe(v.number(), v.integer(), v.minValue(0))
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_ALTERNATIVES))
const common = { token: v.string(), image: imageId }

const actionSchema = v.variant('action', [
  v.strictObject({ ...common, action: v.literal('generate') }),
  v.strictObject({ ...common, action: v.literal('retry') }),
  v.strictObject({ ...common, action: v.literal('alternatives'), count }),
  v.strictObject({ ...common, action: v.literal('use'), revision }),
  v.strictObject({ ...common, action: v.literal('keep') }),
  v.strictObject({ ...common, action: v.literal('cancel') }),
  v.strictObject({
    ...common,
    action: v.literal('resolve'),
    answer: v.picklist(['ask-again', 'give-up']),
  }),
])

/** What the page posts as JSON to `./actions`. */
export type GalleryActionRequest = v.InferOutput<typeof actionSchema>

type WithoutToken<T> = T extends unknown ? Omit<T, 'token'> : never

/** What can be done about one image. */
export type GalleryAction = WithoutToken<GalleryActionRequest>

/** Reads a posted action; undefined when it is not one. Does not check its token. */
export function parseGalleryAction(body: unknown): GalleryActionRequest | undefined {
  const result = v.safeParse(actionSchema, body)
  return result.success ? result.output : undefined
}
