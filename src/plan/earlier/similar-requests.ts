import { distance } from 'fastest-levenshtein'
import type { ImageRequest } from '../image-request.ts'

/** Above this, two requests are not versions of one image. 0 is the same, 1 is another prompt altogether. */
const LARGEST_CHANGE = 0.6

/** So many comparisons take no noticeable time: everything is compared with everything. */
const FEW = 40_000

/** Of those that share the most telling words, so many are compared. */
const COMPARED = 8

/** Two requests that may be versions of one image. */
export interface SimilarPair<A, B> {
  readonly one: A
  readonly other: B
  /** From 0 on: how far they are from each other. */
  readonly change: number
}

interface Requested {
  readonly request: ImageRequest
}

/**
 * Which of two lists of requests may be versions of one image, in time that does not grow with the
 * product of their lengths: by what they share word for word, and where that finds nothing by their
 * rarest words.
 */
export function pairSimilar<A extends Requested, B extends Requested>(
  ones: readonly A[],
  others: readonly B[],
): readonly SimilarPair<A, B>[] {
  const pairs = pairBy(promptOf, ones, others)
  // A style is joined to the prompt after a blank line.
  const unpaired = without(ones, pairs)
  const more = pairBy(firstParagraphOf, unpaired, others)
  const left = without(unpaired, more)
  const rest =
    left.length * others.length <= FEW ? compare(left, others) : pairByWords(left, others)
  return [...pairs, ...more, ...rest]
}

function pairBy<A extends Requested, B extends Requested>(
  shared: (request: ImageRequest) => string,
  ones: readonly A[],
  others: readonly B[],
): readonly SimilarPair<A, B>[] {
  const [left, right] = [groupBy(shared, ones), groupBy(shared, others)]
  return [...left].flatMap(([text, group]) => {
    const same = right.get(text) ?? []
    return group.length * same.length <= FEW ? compare(group, same) : []
  })
}

function pairByWords<A extends Requested, B extends Requested>(
  ones: readonly A[],
  others: readonly B[],
): readonly SimilarPair<A, B>[] {
  const byWord = new Map<string, B[]>()
  for (const other of others) {
    for (const word of wordsOf(other.request)) {
      const known = byWord.get(word)
      if (known) known.push(other)
      else byWord.set(word, [other])
    }
  }
  return ones.flatMap(one => compare([one], mostInCommon(one, byWord)))
}

/** Words that many have say nothing, and would make every comparison one with all. */
function mostInCommon<B>({ request }: Requested, byWord: ReadonlyMap<string, B[]>): readonly B[] {
  const shared = new Map<B, number>()
  const telling = [...wordsOf(request)]
    .map(word => byWord.get(word) ?? [])
    .sort((a, b) => a.length - b.length)
  let looked = 0
  for (const group of telling) {
    looked += group.length
    if (looked > FEW / 100) break
    for (const other of group) shared.set(other, (shared.get(other) ?? 0) + 1 / group.length)
  }
  return [...shared]
    .sort(([, a], [, b]) => b - a)
    .slice(0, COMPARED)
    .map(([other]) => other)
}

function compare<A extends Requested, B extends Requested>(
  ones: readonly A[],
  others: readonly B[],
): readonly SimilarPair<A, B>[] {
  return ones.flatMap(one =>
    others.flatMap(other => {
      const change = measureChange(other.request, one.request)
      return change <= LARGEST_CHANGE ? [{ one, other, change }] : []
    }),
  )
}

/** How far two requests are from each other. Prompts weigh most: they say what is in the picture. */
export function measureChange(before: ImageRequest, after: ImageRequest): number {
  const others = [
    before.size !== after.size,
    before.model !== after.model,
    before.revision !== after.revision,
    before.endpoint !== after.endpoint,
    !isSame(before.params, after.params),
    !isSame(before.references, after.references),
  ].filter(Boolean).length
  return promptChange(before.prompt, after.prompt) + others * 0.05
}

function promptChange(before: string, after: string): number {
  if (before === after) return 0
  const length = Math.max(before.length, after.length)
  return length === 0 ? 0 : distance(before, after) / length
}

/** Whether two values are the same as JSON, whatever the order of their fields. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
}

function promptOf({ prompt }: ImageRequest): string {
  return prompt
}

function firstParagraphOf({ prompt }: ImageRequest): string {
  return prompt.split('\n\n', 1)[0] ?? ''
}

function wordsOf({ prompt }: ImageRequest): ReadonlySet<string> {
  return new Set(prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu))
}

function groupBy<T extends Requested>(
  shared: (request: ImageRequest) => string,
  items: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const text = shared(item.request)
    const known = groups.get(text)
    if (known) known.push(item)
    else groups.set(text, [item])
  }
  return groups
}

function without<A>(items: readonly A[], pairs: readonly { readonly one: A }[]): readonly A[] {
  const paired = new Set(pairs.map(({ one }) => one))
  return items.filter(item => !paired.has(item))
}
