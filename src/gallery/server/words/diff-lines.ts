import type { GalleryDiffLine } from '../../data/gallery-exchanges.ts'

/** Equal lines that are shown around a change. */
const CONTEXT = 3

/** Beyond so many pairs of lines the differing parts are shown as a whole: comparing takes their product. */
const MOST_PAIRS = 1_000_000

/** Lines that differ, with some of those around them. Pure. */
export function diffLines(before: string, after: string): readonly GalleryDiffLine[] {
  if (before === after) return []
  const [old, now] = [linesOf(before), linesOf(after)]
  const start = commonLength(old, now)
  const end = commonLength(old.slice(start).reverse(), now.slice(start).reverse())
  const changed = diffMiddle(
    old.slice(start, old.length - end),
    now.slice(start, now.length - end),
    start,
  )
  const above = Math.max(0, start - CONTEXT)
  return [
    ...old.slice(above, start).map((text, index) => same(text, above + index + 1)),
    ...trimContext(changed),
    ...old
      .slice(old.length - end, old.length - end + CONTEXT)
      .map((text, index) => same(text, old.length - end + index + 1)),
  ]
}

function same(text: string, line: number): GalleryDiffLine {
  return { kind: 'same', text, line }
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

function commonLength(a: readonly string[], b: readonly string[]): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1
  return length
}

/** @param offset lines before both */
function diffMiddle(
  old: readonly string[],
  now: readonly string[],
  offset: number,
): readonly GalleryDiffLine[] {
  const lengths = old.length * now.length > MOST_PAIRS ? undefined : commonLengths(old, now)
  const lines: GalleryDiffLine[] = []
  let [from, to] = [0, 0]
  while (from < old.length || to < now.length) {
    const [left, right] = [old[from], now[to]]
    if (lengths && left !== undefined && left === right) {
      lines.push(same(left, offset + from + 1))
      from += 1
      to += 1
    } else if (left !== undefined && isRemovedFirst(lengths, from, to, right)) {
      lines.push({ kind: 'removed', text: left, line: offset + from + 1 })
      from += 1
    } else {
      lines.push({ kind: 'added', text: right ?? '', line: offset + to + 1 })
      to += 1
    }
  }
  return lines
}

function isRemovedFirst(
  lengths: readonly (readonly number[])[] | undefined,
  from: number,
  to: number,
  right: string | undefined,
): boolean {
  if (!lengths || right === undefined) return true
  return (lengths[from + 1]?.[to] ?? 0) >= (lengths[from]?.[to + 1] ?? 0)
}

/** How many lines the ends of both have in common, from each pair of places on. */
function commonLengths(old: readonly string[], now: readonly string[]): readonly number[][] {
  const table = Array.from({ length: old.length + 1 }, () =>
    new Array<number>(now.length + 1).fill(0),
  )
  for (let from = old.length - 1; from >= 0; from--) {
    for (let to = now.length - 1; to >= 0; to--) {
      const row = table[from]
      if (!row) continue
      row[to] =
        old[from] === now[to]
          ? (table[from + 1]?.[to + 1] ?? 0) + 1
          : Math.max(table[from + 1]?.[to] ?? 0, row[to + 1] ?? 0)
    }
  }
  return table
}

/** Drops equal lines that are far from every change. */
function trimContext(lines: readonly GalleryDiffLine[]): readonly GalleryDiffLine[] {
  return lines.filter((line, index) => {
    const near = lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1)
    return line.kind !== 'same' || near.some(({ kind }) => kind !== 'same')
  })
}
