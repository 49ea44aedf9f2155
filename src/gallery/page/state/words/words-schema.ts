import type { Json } from '../../../../system/json.ts'

/** What the manifest's schema says of a field. */
export interface FieldHelp {
  readonly description: string
  /** What may be written there, or examples. */
  readonly suggestions: readonly string[]
  readonly type: 'text' | 'number' | 'list' | 'numbers' | 'other'
}

export interface WordsSchema {
  /** Of an image: `prompt`, `size` … */
  readonly fields: ReadonlyMap<string, FieldHelp>
  /** Of its `output`: `formats`, `aspect` … */
  readonly output: ReadonlyMap<string, FieldHelp>
}

type Node = Readonly<Record<string, unknown>>

/** Reads the published JSON Schema of a manifest. What it does not know stays without help. Pure. */
export function readWordsSchema(schema: unknown): WordsSchema {
  const root = nodeOf(schema)
  const images = nodeOf(nodeOf(root.properties).images)
  const fields = nodeOf(nodeOf(images.additionalProperties).properties)
  const output = nodeOf(resolve(fields.output, root).properties)
  return { fields: readFields(fields, root), output: readFields(output, root) }
}

function readFields(properties: Node, root: Node): ReadonlyMap<string, FieldHelp> {
  return new Map(
    Object.entries(properties).map(([name, value]) => [name, readField(resolve(value, root))]),
  )
}

function readField(node: Node): FieldHelp {
  const { description } = node
  const choices = [node, ...listOf(node.anyOf).map(nodeOf), nodeOf(node.items)]
  const allowed = choices.flatMap(choice => listOf(choice.enum))
  const suggested = allowed.length > 0 ? allowed : listOf(node.examples)
  return {
    description: typeof description === 'string' ? description : '',
    suggestions: [...new Set(suggested.flatMap(value => textOf(value)))],
    type: typeOf(node),
  }
}

function typeOf(node: Node): FieldHelp['type'] {
  const { type, items } = node
  if (type === 'string') return 'text'
  if (type === 'integer' || type === 'number') return 'number'
  if (type !== 'array') return 'other'
  const item = nodeOf(items).type
  if (item === 'string') return 'list'
  return item === 'integer' || item === 'number' ? 'numbers' : 'other'
}

function textOf(value: unknown): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  return Array.isArray(value) ? [value.join(', ')] : []
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

/** A value as people write it: a list as `avif, webp`. */
export function formatField(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  const isFlat = Array.isArray(value) && value.every(each => typeof each !== 'object')
  return isFlat ? value.join(', ') : JSON.stringify(value)
}

/** Reads a field back. What is not of its type stays text: the server says what is wrong with it. */
export function parseField(text: string, type: FieldHelp['type'] = 'other'): Json {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (type === 'text') return text
  if (type === 'number') return numberOf(trimmed)
  const parts = trimmed.split(',').map(part => part.trim())
  if (type === 'list') return parts
  if (type === 'numbers') return parts.map(numberOf)
  try {
    return JSON.parse(trimmed)
  } catch {
    return text
  }
}

function numberOf(text: string): number | string {
  const number = Number(text)
  return Number.isFinite(number) ? number : text
}
