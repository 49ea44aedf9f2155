/** Any JSON. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json }

/** How deep lists and objects may lie in one another. */
const DEEPEST = 32

/** Whether a value is JSON, without `undefined`, numbers that JSON cannot write, or endless depth. */
export function isJson(value: unknown, depth = 0): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth >= DEEPEST) return false
  return Object.values(value).every(member => isJson(member, depth + 1))
}

/** The same JSON with the names of all objects in code unit order. */
export function sortedJson(value: Json): Json {
  if (isList(value)) return value.map(sortedJson)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sortedJson(member)]),
  )
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
