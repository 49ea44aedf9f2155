import { distance } from 'fastest-levenshtein'
import type { ImageRequest } from '../plan/image-request.ts'
import { describeTextChange } from './describe-text-change.ts'

/** An image that is missing, and what would be sent for it. */
export interface Wanted {
  readonly id: string
  readonly request: ImageRequest
}

/** An original that no manifest needs, and what was sent for it. */
export interface Unneeded {
  readonly key: string
  readonly request: ImageRequest
}

/** Above this, two requests are not versions of one image. 0 is the same, 1 is another prompt altogether. */
const LARGEST_CHANGE = 0.6

/**
 * Says for missing images what changed since they were bought. Originals have no names, so the
 * unneeded original whose request differs least counts as the earlier version of an image; each
 * counts for one image only.
 */
export function explainChanges(
  wanted: readonly Wanted[],
  unneeded: readonly Unneeded[],
): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>()
  for (const { image, original } of matchEarlierVersions(wanted, unneeded)) {
    reasons.set(image.id, describeChange(original.request, image.request))
  }
  return reasons
}

/** Pairs images with what look like their earlier versions, the most similar first. */
export function matchEarlierVersions<W extends Wanted, U extends Unneeded>(
  wanted: readonly W[],
  unneeded: readonly U[],
): readonly { readonly image: W; readonly original: U }[] {
  const pairs = wanted
    .flatMap(image =>
      unneeded.map(original => ({
        image,
        original,
        change: measureChange(original.request, image.request),
      })),
    )
    .filter(pair => pair.change <= LARGEST_CHANGE)
    .sort((a, b) => a.change - b.change)
  const taken = new Set<string>()
  return pairs.filter(({ image, original }) => {
    if (taken.has(image.id) || taken.has(original.key)) return false
    taken.add(image.id).add(original.key)
    return true
  })
}

/** How far two requests are from each other. Prompts weigh most: they say what is in the picture. */
export function measureChange(before: ImageRequest, after: ImageRequest): number {
  const others = [
    before.size !== after.size,
    before.model !== after.model,
    before.revision !== after.revision,
    before.endpoint !== after.endpoint,
    !same(before.params, after.params),
    !same(before.references, after.references),
  ].filter(Boolean).length
  return promptChange(before.prompt, after.prompt) + others * 0.05
}

function promptChange(before: string, after: string): number {
  if (before === after) return 0
  const length = Math.max(before.length, after.length)
  return length === 0 ? 0 : distance(before, after) / length
}

/** One sentence without a full stop: `the prompt changed: "…sea" → "…harbour"`. */
export function describeChange(before: ImageRequest, after: ImageRequest): string {
  const changes: string[] = []
  if (before.prompt !== after.prompt) {
    changes.push(`the prompt changed: ${describeTextChange(before.prompt, after.prompt)}`)
  }
  if (before.size !== after.size) changes.push(`the size changed: ${before.size} → ${after.size}`)
  if (before.model !== after.model) {
    changes.push(`the model changed: ${before.model} → ${after.model}`)
  }
  if (before.revision !== after.revision) {
    changes.push(`the revision changed: ${before.revision} → ${after.revision}`)
  }
  changes.push(...describeReferences(before.references, after.references))
  changes.push(...describeParams(before.params, after.params))
  return changes.join('; ')
}

function describeReferences(before: readonly string[], after: readonly string[]): string[] {
  if (same(before, after)) return []
  if (before.length !== after.length) {
    return [`the number of references changed: ${before.length} → ${after.length}`]
  }
  if (same(before.toSorted(), after.toSorted())) return ['the order of the references changed']
  const changed = after.flatMap((digest, index) => (digest === before[index] ? [] : [index + 1]))
  if (changed.length === 1) {
    return [
      after.length === 1
        ? 'the picture that it refers to changed'
        : `the picture of reference ${changed[0]} changed`,
    ]
  }
  return [`the pictures of references ${changed.join(', ')} changed`]
}

function describeParams(before: ImageRequest['params'], after: ImageRequest['params']): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].sort().flatMap(name => {
    const [from, to] = [before[name], after[name]]
    if (from === to) return []
    if (from === undefined) return [`params.${name} was added: ${to}`]
    if (to === undefined) return [`params.${name} was taken out: ${from}`]
    return [`params.${name} changed: ${from} → ${to}`]
  })
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
}
