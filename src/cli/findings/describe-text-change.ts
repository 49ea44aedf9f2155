import { diffArrays } from 'diff/lib/diff/array.js'

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
/** Words before the first change that are compared all the same. */
const CONTEXT_WORDS = 4
/** Stands between paragraphs. */
const PARAGRAPH = '\n\n'
/** Made once: that takes longer than taking a prompt apart. */
const WORDS = new Intl.Segmenter('en', { granularity: 'word' })
/** Texts that differ in more words than this are quoted as a whole: comparing takes its square. */
const MOST_EDITS = 1_000

/** Two texts without the beginning that they share. */
interface Compared {
  readonly before: string
  readonly after: string
  /** Whether there was such a beginning. */
  readonly isCut: boolean
}

export type DescribeTextChange = (before: string, after: string) => string

/**
 * Quotes what changed between two texts and nothing else, wherever it stands in them:
 * `"…three…" → "…seven…" and "…thin…" → "…thick…"`.
 */
export const describeTextChange: DescribeTextChange = (before, after) =>
  describeCompared(withoutCommonStart(before, after))

/** {@link describeTextChange} for many texts: the same change, as of a style, is compared once. */
export function createTextComparison(): DescribeTextChange {
  const known = new Map<string, string>()
  return (before, after) => {
    const compared = withoutCommonStart(before, after)
    const change = JSON.stringify(compared)
    const described = known.get(change) ?? describeCompared(compared)
    known.set(change, described)
    return described
  }
}

function describeCompared({ before, after, isCut }: Compared): string {
  const [from, to] = [tokenize(before), tokenize(after)]
  const changes = findChanges(from, to)
  if (changes.length === 0) return 'only in its whitespace'
  const quoted = changes.slice(0, QUOTED).map(change => quoteChange(change, from, to, isCut))
  const more = changes.length - quoted.length
  if (more > 0) quoted.push(`${more} more ${more === 1 ? 'place' : 'places'}`)
  const last = quoted.pop()
  return quoted.length > 0 ? `${quoted.join(', ')} and ${last}` : `${last}`
}

/**
 * Splitting texts into words takes most of the time, so this leaves out the paragraphs that both
 * begin with (a style is a paragraph of its own), or all but some words before the first change.
 */
function withoutCommonStart(before: string, after: string): Compared {
  const shorter = Math.min(before.length, after.length)
  let same = 0
  while (same < shorter && before[same] === after[same]) same++
  const paragraph = before.lastIndexOf(PARAGRAPH, same - PARAGRAPH.length)
  const start =
    same >= PARAGRAPH.length && paragraph > 0
      ? paragraph + PARAGRAPH.length
      : wordsBefore(before, same)
  return { before: before.slice(start), after: after.slice(start), isCut: start > 0 }
}

function wordsBefore(text: string, position: number): number {
  let start = position
  for (let word = 0; word < CONTEXT_WORDS && start > 0; word++) {
    start = text.slice(0, start).trimEnd().lastIndexOf(' ')
  }
  return Math.max(start, 0)
}

/** Words of any script: those without spaces between words are taken apart as well. */
function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  for (const { segment } of WORDS.segment(text)) {
    const last = tokens.at(-1)
    if (segment.trim() !== '') tokens.push({ word: segment, shown: segment })
    else if (last && !last.shown.endsWith(' ')) last.shown += ' '
  }
  return tokens
}

function findChanges(from: readonly Token[], to: readonly Token[]): readonly Change[] {
  const words = [from, to].map(tokens => tokens.map(token => token.word))
  const [before = [], after = []] = words
  const parts = diffArrays(before, after, { maxEditLength: MOST_EDITS })
  if (!parts) {
    return [{ before: { start: 0, end: from.length }, after: { start: 0, end: to.length } }]
  }
  const changes: Change[] = []
  let [a, b] = [0, 0]
  for (const { added, removed, count } of parts) {
    const [lengthBefore, lengthAfter] = [added ? 0 : count, removed ? 0 : count]
    if (added || removed) {
      changes.push({
        before: { start: a, end: a + lengthBefore },
        after: { start: b, end: b + lengthAfter },
      })
    }
    a += lengthBefore
    b += lengthAfter
  }
  return mergeClose(changes)
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
  isCut: boolean,
): string {
  // A mere removal or insertion would leave one side empty.
  const context = before.start === before.end || after.start === after.end ? 1 : 0
  const [old, changed] = [widen(before, context, from), widen(after, context, to)]
  return `"${quote(from, old, isCut)}" → "${quote(to, changed, isCut)}"`
}

function widen({ start, end }: Range, by: number, tokens: readonly Token[]): Range {
  return { start: Math.max(start - by, 0), end: Math.min(end + by, tokens.length) }
}

function quote(tokens: readonly Token[], { start, end }: Range, isCut: boolean): string {
  const text = tokens
    .slice(start, end)
    .map(token => token.shown)
    .join('')
    .trim()
  const isLong = text.length > LONGEST
  const [before, after] = [isCut || start > 0, isLong || end < tokens.length]
  return `${before ? '…' : ''}${isLong ? text.slice(0, LONGEST) : text}${after ? '…' : ''}`
}
