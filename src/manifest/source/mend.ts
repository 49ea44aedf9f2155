import type { Path } from '../../schema/schema-structure.ts'
import { isRecord } from '../../system/is-record.ts'
import { nearest } from '../../text/suggest.ts'

/** Replaces a prompt that is missing or not text, so that the rest can be checked. */
const ANY_PROMPT = 'A picture'

/**
 * Removes everything at fault from a value, so that the rest can be checked and all faults be
 * reported at once. Removes the whole of a list that has a faulty entry.
 */
export function withoutFaults(value: unknown, faults: readonly Path[]): unknown {
  const mended: unknown = structuredClone(value)
  for (const path of faults) {
    const index = path.findIndex(segment => typeof segment === 'number')
    remove(mended, index === -1 ? path : path.slice(0, index))
  }
  return mended
}

function remove(root: unknown, path: Path): void {
  const key = path.at(-1)
  const owner = follow(root, path.slice(0, -1))
  if (!isRecord(owner) || key === undefined) return
  const target = owner[key]
  if (path.length === 2 && path[0] === 'images' && isRecord(target) && !target.prompt) {
    target.prompt = ANY_PROMPT
  } else if (key === 'prompt') {
    owner[key] = ANY_PROMPT
  } else {
    // An image of a source alone, or of a misspelt prompt, would seem to have nothing.
    if (key === 'source' || nearest(String(key), ['prompt']) !== undefined) {
      owner.prompt ??= ANY_PROMPT
    }
    delete owner[key]
  }
}

function follow(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, segment) => (isRecord(value) ? value[segment] : undefined),
    root,
  )
}
