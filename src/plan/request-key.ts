import { sha256 } from '../system/digest.ts'
import type { Json } from '../system/json.ts'
import type { ImageRequest, Key } from './image-request.ts'

/** Changes only with the meaning of keys: every original would have to be generated again. */
const SCHEMA_VERSION = 1

/**
 * The identity of a request: SHA-256 of its canonical JSON. Names, paths, base URL and output
 * settings are no part of it: renaming, moving, re-encoding or another gateway requests nothing
 * again.
 */
export function requestKey(request: ImageRequest): Key {
  const { endpoint, provider, model, prompt, size, params, revision, references, mask } = request
  const canonical = canonicalJson({
    version: SCHEMA_VERSION,
    endpoint,
    model,
    prompt,
    size,
    params,
    revision,
    references,
    // Requests of 0.1.0 have neither, and keep their keys.
    ...(provider !== undefined && { provider }),
    ...(mask !== undefined && { mask }),
  })
  return sha256(canonical) as Key
}

/** JSON with names in code unit order and without white space, as in RFC 8785. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}
