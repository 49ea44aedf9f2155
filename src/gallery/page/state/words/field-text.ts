import type { Json } from '../../../../system/json.ts'

/** How a field is written in the form. */
export type FieldType =
  | 'text'
  | 'number'
  /** `avif, webp` */
  | 'list'
  /** `640, 1280` */
  | 'numbers'
  /** `quality: high, background: transparent` */
  | 'mapping'
  /** `hero, ./refs/ana.png`: images by name, files by path */
  | 'references'
  | 'other'

/** A value as people write it. What has no short form is JSON. */
export function formatField(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value !== 'object') return String(value)
  const short = isList(value) ? value.map(formatItem).join(', ') : formatPairs(value)
  // The short form must say the same.
  return JSON.stringify(parseField(short, typeFor(value))) === JSON.stringify(value)
    ? short
    : JSON.stringify(value)
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function typeFor(value: Json): FieldType {
  if (!isList(value)) return 'mapping'
  if (value.some(item => imageNameOf(item) !== undefined)) return 'references'
  return value.every(item => typeof item === 'number') ? 'numbers' : 'list'
}

function formatItem(item: Json): string {
  return imageNameOf(item) ?? String(item)
}

/** Of a reference to an image of the same manifest: `{ image: hero }`. */
function imageNameOf(item: Json): string | undefined {
  if (typeof item !== 'object' || item === null || isList(item)) return undefined
  const { image, ...others } = item
  return typeof image === 'string' && Object.keys(others).length === 0 ? image : undefined
}

function formatPairs(value: Readonly<Record<string, Json>>): string {
  return Object.entries(value)
    .map(([key, inner]) => `${key}: ${String(inner)}`)
    .join(', ')
}

/** Reads a field back. What is not of its type stays text: the server says what is wrong with it. */
export function parseField(text: string, type: FieldType = 'other'): Json {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (type === 'text') return text
  if (type === 'number') return numberOf(trimmed)
  const json = jsonOf(trimmed)
  if (json !== undefined && (typeof json === 'object' || type === 'mapping')) return json
  const parts = trimmed.split(',').map(part => part.trim())
  if (type === 'list') return parts
  if (type === 'numbers') return parts.map(numberOf)
  if (type === 'references') return parts.map(referenceOf)
  if (type === 'mapping') return mappingOf(parts) ?? text
  return json ?? text
}

/** A name is an image of the same manifest; a file has a dot or a slash. */
function referenceOf(part: string): Json {
  return /^[\w-]+$/.test(part) ? { image: part } : part
}

/** Undefined where a part is no pair. */
function mappingOf(parts: readonly string[]): Json | undefined {
  const pairs = parts.map(part => /^([^:{["]+?)\s*:\s*(.+)$/.exec(part))
  const entries = pairs.flatMap(pair => (pair ? [[pair[1] ?? '', scalarOf(pair[2] ?? '')]] : []))
  return entries.length === parts.length ? Object.fromEntries(entries) : undefined
}

function scalarOf(text: string): Json {
  if (text === 'true' || text === 'false') return text === 'true'
  return String(Number(text)) === text ? Number(text) : text
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function numberOf(text: string): number | string {
  const number = Number(text)
  return Number.isFinite(number) ? number : text
}
