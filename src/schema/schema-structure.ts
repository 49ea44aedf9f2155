import type * as v from 'valibot'

/** Where something stands in a value. */
export type Path = readonly (string | number)[]

/** The members of valibot's schemas that say what may stand where. */
interface Structure {
  /** Of an object: by key. */
  readonly entries?: Readonly<Record<string, unknown>>
  /** Of a record: of every key. */
  readonly value?: unknown
  /** Of a list: of every entry. */
  readonly item?: unknown
  /** Of a schema with checks: the schema, then the checks. */
  readonly pipe?: readonly Check[]
}

interface Check {
  readonly type: string
  readonly requirement?: unknown
  /** Of a schema that has checks of its own. */
  readonly pipe?: readonly Check[]
}

/** The keys that a schema knows at `path`. */
export function keysAt(schema: v.GenericSchema, path: Path): readonly string[] {
  return structuresAt(schema, path).flatMap(({ entries }) => Object.keys(entries ?? {}))
}

/** Which numbers a schema takes at `path`, in words as well. */
export function rangeAt(schema: v.GenericSchema, path: Path): { isWhole: boolean; words: string } {
  const checks = structuresAt(schema, path).flatMap(checksOf)
  const boundOf = (name: string) => checks.find(({ type }) => type === name)?.requirement
  const isWhole = checks.some(({ type }) => type === 'integer')
  const most = boundOf('max_value') ?? Number.MAX_SAFE_INTEGER
  const end = most === Number.MAX_SAFE_INTEGER ? 'on' : `to ${most}`
  return {
    isWhole,
    words: `a ${isWhole ? 'whole ' : ''}number from ${boundOf('min_value')} ${end}`,
  }
}

function checksOf({ pipe = [] }: Pick<Structure, 'pipe'>): readonly Check[] {
  return pipe.flatMap(check => [check, ...checksOf(check)])
}

/** Paths of lists that stand where a schema wants keys. */
export function misplacedLists(schema: v.GenericSchema, value: unknown): readonly Path[] {
  const found: Path[] = []
  const walk = (structures: readonly Structure[], value: unknown, path: Path): void => {
    if (structures.length === 0 || typeof value !== 'object' || value === null) return
    if (Array.isArray(value) && !structures.some(({ item }) => item)) {
      if (structures.some(({ entries, value }) => entries || value)) found.push(path)
      return
    }
    for (const [key, inner] of Object.entries(value)) {
      // Most of a manifest is text, which has nothing below it.
      if (typeof inner !== 'object' || inner === null) continue
      const below = structures.flatMap(structure => inside(structure, key))
      walk(below, inner, [...path, Array.isArray(value) ? Number(key) : key])
    }
  }
  walk(structuresOf(schema), value, [])
  return found
}

function structuresAt(schema: v.GenericSchema, path: Path): readonly Structure[] {
  return path.reduce(
    (structures, segment) => structures.flatMap(structure => inside(structure, segment)),
    structuresOf(schema),
  )
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
