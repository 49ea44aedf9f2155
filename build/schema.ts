import { toJsonSchema } from '@valibot/to-json-schema'
import { IMAGE_KEYS, ImageSchema, ManifestSchema } from '../src/manifest/schema/manifest-schema.ts'
import { OutputSchema } from '../src/manifest/schema/output/output-schema.ts'
import {
  ParamsSchema,
  ReferenceSchema,
  SizeSchema,
  VariablesSchema,
} from '../src/manifest/schema/request-schema.ts'

/** The JSON Schema that editors read, made of the schema that the parser uses. */
export function renderJsonSchema(): string {
  const { $schema, ...schema } = toJsonSchema(ManifestSchema, {
    target: 'draft-07',
    typeMode: 'input',
    // What JSON Schema cannot say is checked when the manifest is read.
    errorMode: 'ignore',
    definitions: {
      output: OutputSchema,
      params: ParamsSchema,
      reference: ReferenceSchema,
      size: SizeSchema,
      vars: VariablesSchema,
    },
    overrideSchema({ valibotSchema, jsonSchema }) {
      if (valibotSchema.type !== 'object_with_rest') return jsonSchema
      // The image schema alone is inside of others; the manifest has this rule below.
      const content = valibotSchema === ImageSchema.pipe[0] ? CONTENT : {}
      return { ...jsonSchema, additionalProperties: false, ...content }
    },
  })
  const atRoot = Object.fromEntries(IMAGE_KEYS.map(key => [key, false]))
  const form = {
    if: { required: ['images'] },
    // biome-ignore lint/suspicious/noThenProperty: this is a keyword of JSON Schema.
    then: { properties: atRoot },
    else: {
      anyOf: [
        { required: ['prompt'] },
        { required: ['source'] },
        { required: ['defaults'] },
        { required: ['vars'] },
      ],
    },
  }
  const text = JSON.stringify({ $schema, ...schema, ...form }, withMarkdown, 2)
  // Draft 07 calls them definitions.
  return `${text.replaceAll('$defs', 'definitions')}\n`
}

/** An image is generated from a prompt, unless it has a source. */
const CONTENT = {
  if: { required: ['source'] },
  // biome-ignore lint/suspicious/noThenProperty: this is a keyword of JSON Schema.
  then: true,
  else: { required: ['prompt'] },
}

/** Editors escape plain descriptions: the code in them would be shown with its backticks. */
function withMarkdown(_: string, value: unknown): unknown {
  return typeof value === 'object' &&
    value !== null &&
    'description' in value &&
    typeof value.description === 'string'
    ? { ...value, markdownDescription: value.description }
    : value
}
