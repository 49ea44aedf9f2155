import type { Path } from '../../schema/schema-structure.ts'

/** Where options are written: a configuration file, or code that hands them over. */
export interface OptionsSource {
  /** As messages name it: the absolute path of a file, or `inline options`. */
  readonly name: string
  /** The text of a file, in which options are looked up. */
  readonly text?: string
}

/**
 * `imagegen.config.ts:3:5`: where the option of a path stands, as far as its keys can be found in the
 * text. The value that was loaded has no positions, and a key may be computed.
 */
export function placeOfOption({ name, text }: OptionsSource, path: Path): string {
  const offset = text === undefined ? undefined : findKeys(text, path)
  if (text === undefined || offset === undefined) return name
  const before = text.slice(0, offset).split('\n')
  return `${name}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
}

/** Each key stands behind the one that it belongs to. */
function findKeys(text: string, path: Path): number | undefined {
  let found: number | undefined
  for (const key of path) {
    if (typeof key === 'number') continue
    const written = key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    const pattern = new RegExp(`(?<=^|[\\s{,])["']?${written}["']?\\s*:`, 'g')
    pattern.lastIndex = found ?? 0
    const match = pattern.exec(text)
    if (!match) break
    found = match.index
  }
  return found
}
