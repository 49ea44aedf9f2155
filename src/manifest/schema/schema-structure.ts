import type * as v from 'valibot'
import type { Path } from '../source/yaml-source.ts'

/** What the inside of a schema shows of what may stand where. */
interface Structure {
  /** Of an object: by key. */
  readonly entries?: Readonly<Record<string, unknown>>
  /** Of a record: of every key. */
  readonly value?: unknown
  /** Of a list: of every entry. */
  readonly item?: unknown
}

/** The keys that a schema knows at `path`. */
export function keysAt(schema: v.GenericSchema, path: Path): readonly string[] {
  let structures = structuresOf(schema)
  for (const segment of path) {
    structures = structures.flatMap(structure => inside(structure, segment))
  }
  return structures.flatMap(({ entries }) => Object.keys(entries ?? {}))
}

/** Paths of lists that stand where a schema wants a mapping. */
export function misplacedLists(schema: v.GenericSchema, value: unknown): readonly Path[] {
  const found: Path[] = []
  const walk = (structures: readonly Structure[], value: unknown, path: Path): void => {
    if (structures.length === 0 || typeof value !== 'object' || value === null) return
    if (Array.isArray(value) && !structures.some(({ item }) => item)) {
      if (structures.some(({ entries, value }) => entries || value)) found.push(path)
      return
    }
    for (const [key, inner] of Object.entries(value)) {
      // Most of a manifest is text, below which nothing can be.
      if (typeof inner !== 'object' || inner === null) continue
      const below = structures.flatMap(structure => inside(structure, key))
      walk(below, inner, [...path, Array.isArray(value) ? Number(key) : key])
    }
  }
  walk(structuresOf(schema), value, [])
  return found
}

function inside({ entries, value, item }: Structure, key: string | number): readonly Structure[] {
  if (!entries) return structuresOf(value ?? item)
  return Object.hasOwn(entries, key) ? structuresOf(entries[key]) : []
}

function structuresOf(schema: unknown): readonly Structure[] {
  if (typeof schema !== 'object' || schema === null) return []
  if ('wrapped' in schema) return structuresOf(schema.wrapped)
  if ('options' in schema && Array.isArray(schema.options)) {
    return schema.options.flatMap(structuresOf)
  }
  return [schema]
}
