/** A word or a punctuation mark, and how it is shown: with the space behind it. */
interface Token {
  readonly word: string
  shown: string
}

/** Token ranges that take each other's place; `end` is not part of them. */
interface Change {
  readonly before: Range
  readonly after: Range
}

interface Range {
  readonly start: number
  readonly end: number
}

/** Places that are quoted before the rest is only counted. */
const QUOTED = 3
/** Longest quotation, in characters. */
const LONGEST = 60
/** So few words between two changes that they read better as one. */
const CLOSE = 2
/** Above this product of lengths a comparison word by word would take noticeable time. */
const LARGEST_COMPARISON = 4_000_000

/**
 * Quotes what changed between two texts and nothing else, wherever it stands in them:
 * `"…three…" → "…seven…" and "…thin…" → "…thick…"`.
 */
export function describeTextChange(before: string, after: string): string {
  const [from, to] = [tokenize(before), tokenize(after)]
  const changes = findChanges(from, to)
  if (changes.length === 0) return 'only in its white space'
  const quoted = changes.slice(0, QUOTED).map(change => quoteChange(change, from, to))
  const more = changes.length - quoted.length
  if (more > 0) quoted.push(`${more} more ${more === 1 ? 'place' : 'places'}`)
  const last = quoted.pop()
  return quoted.length > 0 ? `${quoted.join(', ')} and ${last}` : `${last}`
}

/** Words of any script: those without spaces between words are taken apart as well. */
function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'word' }).segment(text)) {
    const last = tokens.at(-1)
    if (segment.trim() !== '') tokens.push({ word: segment, shown: segment })
    else if (last && !last.shown.endsWith(' ')) last.shown += ' '
  }
  return tokens
}

function findChanges(from: readonly Token[], to: readonly Token[]): readonly Change[] {
  const shorter = Math.min(from.length, to.length)
  let start = 0
  while (start < shorter && from[start]?.word === to[start]?.word) start++
  let tail = 0
  while (tail < shorter - start && from.at(-1 - tail)?.word === to.at(-1 - tail)?.word) tail++
  const before = { start, end: from.length - tail }
  const after = { start, end: to.length - tail }
  if (before.end === start && after.end === start) return []
  if ((before.end - start) * (after.end - start) > LARGEST_COMPARISON) return [{ before, after }]
  return mergeClose(compareWords({ before, after }, from, to))
}

/** By the longest common subsequence of words. */
function compareWords(
  { before, after }: Change,
  from: readonly Token[],
  to: readonly Token[],
): readonly Change[] {
  const columns = after.end - after.start + 1
  const lengths = new Uint32Array((before.end - before.start + 1) * columns)
  const at = (a: number, b: number) => (a - before.start) * columns + (b - after.start)
  const common = (a: number, b: number) => lengths[at(a, b)] ?? 0
  for (let a = before.end - 1; a >= before.start; a--) {
    for (let b = after.end - 1; b >= after.start; b--) {
      lengths[at(a, b)] =
        from[a]?.word === to[b]?.word
          ? common(a + 1, b + 1) + 1
          : Math.max(common(a + 1, b), common(a, b + 1))
    }
  }
  const changes: Change[] = []
  let [a, b] = [before.start, after.start]
  while (a < before.end || b < after.end) {
    const [startA, startB] = [a, b]
    while (a < before.end || b < after.end) {
      const both = a < before.end && b < after.end
      if (both && from[a]?.word === to[b]?.word) break
      if (b >= after.end || (both && common(a + 1, b) >= common(a, b + 1))) a++
      else b++
    }
    if (a > startA || b > startB) {
      changes.push({ before: { start: startA, end: a }, after: { start: startB, end: b } })
    }
    while (a < before.end && b < after.end && from[a]?.word === to[b]?.word) {
      a++
      b++
    }
  }
  return changes
}

function mergeClose(changes: readonly Change[]): readonly Change[] {
  const merged: Change[] = []
  for (const { before, after } of changes) {
    const last = merged.at(-1)
    if (last && before.start - last.before.end <= CLOSE) {
      merged.splice(-1, 1, {
        before: { start: last.before.start, end: before.end },
        after: { start: last.after.start, end: after.end },
      })
    } else {
      merged.push({ before, after })
    }
  }
  return merged
}

function quoteChange(
  { before, after }: Change,
  from: readonly Token[],
  to: readonly Token[],
): string {
  // What is taken out or put in alone would leave one side empty.
  const context = before.start === before.end || after.start === after.end ? 1 : 0
  return `"${quote(from, before, context)}" → "${quote(to, after, context)}"`
}

function quote(tokens: readonly Token[], range: Range, context: number): string {
  const start = Math.max(range.start - context, 0)
  const end = Math.min(range.end + context, tokens.length)
  const text = tokens
    .slice(start, end)
    .map(token => token.shown)
    .join('')
    .trim()
  const isCut = text.length > LONGEST
  return `${start > 0 ? '…' : ''}${isCut ? text.slice(0, LONGEST) : text}${isCut || end < tokens.length ? '…' : ''}`
}
