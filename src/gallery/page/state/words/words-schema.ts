import type { FieldType } from './field-text.ts'

/** Below the image: `['output', 'aspect']`. */
export type FieldPath = readonly string[]

/** What the manifest's schema says of a field. */
export interface FieldHelp {
  readonly description: string
  /** What may be written there, or examples. */
  readonly suggestions: readonly string[]
  readonly type: FieldType
}

type Fields = ReadonlyMap<string, FieldHelp>

export interface WordsSchema {
  /** Of an image: `prompt`, `size` … */
  readonly fields: Fields
  /** Of its `output`: `formats`, `aspect` … */
  readonly output: Fields
  /** Of one of its `variants`: `media`, `image`. */
  readonly variant: Fields
  /** Of a variant's `output`, which takes no fixed names. */
  readonly variantOutput: Fields
}

type Node = Readonly<Record<string, unknown>>

/** Reads the published JSON Schema of a manifest. What it does not know stays without help. Pure. */
export function readWordsSchema(schema: unknown): WordsSchema {
  const root = nodeOf(schema)
  const images = nodeOf(nodeOf(root.properties).images)
  const fields = nodeOf(nodeOf(images.additionalProperties).properties)
  const variants = resolve(fields.variants, root)
  const variant = nodeOf(resolve(variants.additionalProperties, root).properties)
  const propertiesOf = (node: unknown) => readFields(nodeOf(resolve(node, root).properties), root)
  return {
    fields: readFields(fields, root),
    output: propertiesOf(fields.output),
    variant: readFields(variant, root),
    variantOutput: propertiesOf(variant.output),
  }
}

/** What is known of a field of an image. */
export function helpFor(path: FieldPath, schema: WordsSchema | undefined): FieldHelp | undefined {
  const [owner, , inner] = path
  const name = path.at(-1) ?? ''
  if (owner === 'variants') {
    return inner === 'output' ? schema?.variantOutput.get(name) : schema?.variant.get(name)
  }
  return path.length > 1 && owner === 'output' ? schema?.output.get(name) : schema?.fields.get(name)
}

function readFields(properties: Node, root: Node): Fields {
  return new Map(
    Object.entries(properties).map(([name, value]) => [
      name,
      readField(resolve(value, root), root),
    ]),
  )
}

function readField(node: Node, root: Node): FieldHelp {
  const { description } = node
  const item = resolve(node.items, root)
  const choices = [node, ...optionsOf(node), item, ...optionsOf(item)]
  const allowed = choices.flatMap(choice => listOf(choice.enum))
  const suggested = allowed.length > 0 ? allowed : listOf(node.examples)
  return {
    description: typeof description === 'string' ? description : '',
    suggestions: [...new Set(suggested.flatMap(value => textOf(value)))],
    type: typeOf(node, item),
  }
}

function typeOf(node: Node, item: Node): FieldType {
  const { type } = node
  if (type === 'string') return 'text'
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'array') {
    if (item.type === 'integer' || item.type === 'number') return 'numbers'
    return optionsOf(item).some(option => 'image' in nodeOf(option.properties))
      ? 'references'
      : 'list'
  }
  const isMapping = [node, ...optionsOf(node)].some(option => option.type === 'object')
  return isMapping ? 'mapping' : 'other'
}

function textOf(value: unknown): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  const isFlat = Array.isArray(value) && value.every(item => typeof item !== 'object')
  return isFlat ? [value.join(', ')] : []
}

function optionsOf(node: Node): readonly Node[] {
  return listOf(node.anyOf).map(nodeOf)
}

function resolve(value: unknown, root: Node): Node {
  const node = nodeOf(value)
  const reference = typeof node.$ref === 'string' ? node.$ref.split('/').at(-1) : undefined
  return reference === undefined ? node : nodeOf(nodeOf(root.definitions)[reference])
}

function nodeOf(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
