import type { Json } from '../../../../system/json.ts'
import type { GalleryEdit, GalleryWords } from '../../../data/gallery-exchanges.ts'
import { formatField, parseField } from './field-text.ts'
import { type FieldPath, helpFor, type WordsSchema } from './words-schema.ts'

/** What somebody typed into a field; an empty text removes what is written there. */
export interface TypedField {
  readonly path: FieldPath
  readonly text: string
  /** Written as an empty text, which says something else than no field: no style although `defaults` have one. */
  readonly isEmptyText?: boolean
}

/** By {@link pathKey}. */
export type TypedFields = ReadonlyMap<string, TypedField>

export function pathKey(path: FieldPath): string {
  return JSON.stringify(path)
}

/** Whether a path is the other one, or leads to something in it. */
export function isWithin(path: FieldPath, owner: FieldPath): boolean {
  return owner.every((name, index) => path[index] === name)
}

/** What is written at a path of an image's fields. */
export function writtenAt(
  fields: GalleryWords['fields'] | undefined,
  path: FieldPath,
): Json | undefined {
  let value: Json | undefined = fields
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    value = Object.hasOwn(value, name) ? (value as Readonly<Record<string, Json>>)[name] : undefined
  }
  return value
}

/** Pure, as all of these. What was typed inside a field that is typed as a whole counts no more. */
export function withTyped(typed: TypedFields, field: TypedField): TypedFields {
  return new Map([
    ...[...typed].filter(([, { path }]) => !isWithin(path, field.path)),
    [pathKey(field.path), field],
  ])
}

export function withoutTyped(typed: TypedFields, owner: FieldPath): TypedFields {
  return new Map([...typed].filter(([, { path }]) => !isWithin(path, owner)))
}

/** Only what differs from the manifest. */
export function listEdits(
  typed: TypedFields,
  fields: GalleryWords['fields'] | undefined,
  schema: WordsSchema | undefined,
): readonly GalleryEdit[] {
  return [...typed.values()].flatMap(({ path, text, isEmptyText = false }) => {
    const before = writtenAt(fields, path)
    const isSame = isEmptyText ? before === '' : text === formatField(before) && before !== ''
    if (isSame) return []
    return [{ path, value: isEmptyText ? '' : parseField(text, helpFor(path, schema)?.type) }]
  })
}
