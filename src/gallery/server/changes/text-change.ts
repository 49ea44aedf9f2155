import { sha256 } from '../../../system/digest.ts'

/** One change of a text, as the part that differs: the rest is not repeated. */
export interface TextChange {
  /** SHA-256 of the whole text before, and after. */
  readonly before: string
  readonly after: string
  /** Where the texts begin to differ, in UTF-16 units. */
  readonly start: number
  readonly removed: string
  readonly added: string
}

/** Pure. */
export function findTextChange(before: string, after: string): TextChange {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start += 1
  let end = 0
  while (
    end < shorter - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end += 1
  }
  return {
    before: sha256(before),
    after: sha256(after),
    start,
    removed: before.slice(start, before.length - end),
    added: after.slice(start, after.length - end),
  }
}

/** The text before a change; undefined when this is not the text that the change left. Pure. */
export function revertTextChange(text: string, change: TextChange): string | undefined {
  const { start, removed, added } = change
  if (sha256(text) !== change.after) return undefined
  const reverted = text.slice(0, start) + removed + text.slice(start + added.length)
  return sha256(reverted) === change.before ? reverted : undefined
}
