import * as v from 'valibot'
import { isJson, type Json } from '../../../system/json.ts'
import type {
  GalleryUndo,
  GalleryWordsChange,
  GalleryWordsSave,
} from '../../data/gallery-exchanges.ts'

/** The most fields that are changed at once. */
const MOST_EDITS = 100

const imageId = v.strictObject({ manifest: v.string(), name: v.string() })
const key = v.pipe(v.string(), v.minLength(1))

const editSchema = v.strictObject({
  path: v.pipe(v.array(key), v.minLength(1), v.maxLength(8)),
  value: v.custom<Json>(value => isJson(value)),
})

const changeFields = {
  token: v.string(),
  image: imageId,
  digest: v.string(),
  edits: v.pipe(v.array(editSchema), v.maxLength(MOST_EDITS)),
}

const changeSchema = v.strictObject(changeFields)
const saveSchema = v.strictObject({
  ...changeFields,
  pictures: v.picklist(['generate', 'hold', 'keep']),
})
const undoSchema = v.strictObject({ token: v.string(), change: v.string() })

/** Reads what was posted to `./words/check`; undefined when it is something else. Here and below the token is not checked. */
export function parseWordsChange(body: unknown): GalleryWordsChange | undefined {
  return parseAs(changeSchema, body)
}

export function parseWordsSave(body: unknown): GalleryWordsSave | undefined {
  return parseAs(saveSchema, body)
}

export function parseUndo(body: unknown): GalleryUndo | undefined {
  return parseAs(undoSchema, body)
}

function parseAs<Output>(
  schema: v.GenericSchema<unknown, Output>,
  body: unknown,
): Output | undefined {
  const result = v.safeParse(schema, body)
  return result.success ? result.output : undefined
}
