import { renderJsonSchema } from '../schema.ts'
import { oneLine, renderTable } from './table.ts'

interface FieldSchema {
  readonly $ref?: string
  readonly description?: string
  readonly default?: unknown
}

type Fields = Readonly<Record<string, FieldSchema>>

/** The fields of a manifest and of its images. */
export function renderManifestTable(): string {
  const { $schema: _, ...fields } = readSchema().properties
  return renderFields(fields, '')
}

/** The fields of `output`. */
export function renderOutputTable(): string {
  return renderFields(readSchema().definitions.output?.properties ?? {}, 'output.')
}

function renderFields(fields: Fields, prefix: string): string {
  const { definitions } = readSchema()
  return renderTable(
    ['field', 'meaning', 'default'],
    Object.entries(fields).map(([name, written]) => {
      const field = definitions[written.$ref?.replace('#/definitions/', '') ?? ''] ?? written
      const usual = field.default === undefined ? '' : `\`${JSON.stringify(field.default)}\``
      return [`\`${prefix}${name}\``, oneLine(field.description), usual]
    }),
  )
}

function readSchema(): {
  readonly properties: Fields
  readonly definitions: Readonly<Record<string, FieldSchema & { readonly properties?: Fields }>>
} {
  return JSON.parse(renderJsonSchema())
}
