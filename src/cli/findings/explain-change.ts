import { isSame } from '../../plan/earlier/similar-requests.ts'
import type { ImageRequest } from '../../plan/image-request.ts'
import {
  createTextComparison,
  type DescribeTextChange,
  describeTextChange,
} from './describe-text-change.ts'

/** An image's request, and that of its earlier version. */
interface ChangedImage<Id> {
  readonly image: { readonly id: Id; readonly request: ImageRequest }
  readonly original: { readonly request: ImageRequest }
}

/** Says what changed about images since their earlier versions were requested. */
export function explainChanges<Id>(changed: readonly ChangedImage<Id>[]): ReadonlyMap<Id, string> {
  const reasons = new Map<Id, string>()
  const describeText = createTextComparison()
  for (const { image, original } of changed) {
    reasons.set(image.id, describeChange(original.request, image.request, describeText))
  }
  return reasons
}

/** One sentence without a full stop: `the prompt changed: "…sea" → "…harbour"`. */
export function describeChange(
  before: ImageRequest,
  after: ImageRequest,
  describeText: DescribeTextChange = describeTextChange,
): string {
  const changes: string[] = []
  if (before.prompt !== after.prompt) {
    changes.push(`the prompt changed: ${describeText(before.prompt, after.prompt)}`)
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
  if (isSame(before, after)) return []
  if (before.length !== after.length) {
    return [`the number of references changed: ${before.length} → ${after.length}`]
  }
  if (isSame(before.toSorted(), after.toSorted())) return ['the order of the references changed']
  const changed = after.flatMap((digest, index) => (digest === before[index] ? [] : [index + 1]))
  if (changed.length === 1) {
    return [
      after.length === 1
        ? 'the referenced picture changed'
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
    if (to === undefined) return [`params.${name} was removed: ${from}`]
    return [`params.${name} changed: ${from} → ${to}`]
  })
}
