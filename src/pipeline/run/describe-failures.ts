import { ReferenceNotMadeError } from '../../errors/reference-not-made-error.ts'
import { RunStoppedError } from '../../errors/run-stopped-error.ts'
import { formatImageId } from '../../manifest/image-id.ts'
import type { ImageOutcome } from '../events.ts'

type Failure = ImageOutcome & { readonly error: Error }

/** How many names are listed before the rest is only counted. */
const LISTED = 20

/**
 * What went wrong in a run, as lines: each cause once with all of its images, then the images that
 * were not requested because the run was stopped, then what is kept. Undefined when nothing went
 * wrong.
 */
export function describeFailures(images: readonly ImageOutcome[]): string | undefined {
  const failures = images.filter((image): image is Failure => image.error !== undefined)
  if (failures.length === 0) return undefined
  const left = failures.filter(isLeft)
  const failed = failures.filter(failure => !isLeft(failure))
  const lines: string[] = []
  if (failed.length > 0) {
    lines.push(`${failed.length} of ${count(images.length)} failed:`, ...describeEach(failed))
  }
  if (left.length > 0) lines.push(describeLeft(left, failed))
  const kept = images.length - failures.length
  if (kept > 0) {
    const are = kept === 1 ? 'The other one is' : `The other ${kept} are`
    lines.push(`${are} generated and kept. The next run requests only the rest.`)
  }
  return lines.join('\n')
}

/** It was not requested, because the run had been stopped. */
function isLeft({ error, attempts, possiblyBilledTwice }: Failure): boolean {
  return attempts === 0 && possiblyBilledTwice === 0 && stopOf(error) !== undefined
}

function stopOf(error: unknown): RunStoppedError | undefined {
  if (error instanceof RunStoppedError) return error
  return error instanceof ReferenceNotMadeError ? stopOf(error.cause) : undefined
}

/** One line a cause, so that the same refusal of a hundred images is read once. */
function describeEach(failed: readonly Failure[]): string[] {
  const byWords = new Map<string, string[]>()
  for (const { image, error } of failed) {
    const id = formatImageId(image)
    const isOwn = error.message.startsWith(`${id}: `)
    const words = isOwn ? error.message.slice(id.length) : ` ${error.message}`
    const ids = byWords.get(words) ?? []
    byWords.set(words, isOwn ? [...ids, id] : ids)
  }
  return [...byWords].map(([words, ids]) => `- ${list(ids)}${words}`.replace('-  ', '- '))
}

function describeLeft(left: readonly Failure[], failed: readonly Failure[]): string {
  const cause = stopOf(left[0]?.error)?.cause
  const reason = cause instanceof Error ? cause.message : ''
  const isTold = failed.some(({ error }) => error.message.includes(reason))
  const many = left.length === 1 ? '1 image was' : `${count(left.length)} were`
  const names = list(left.map(({ image }) => formatImageId(image)))
  return isTold
    ? `The run stopped because of that, and ${many} not requested: ${names}.`
    : `The run stopped, and ${many} not requested: ${names}. ${reason}`.trimEnd()
}

function list(names: readonly string[]): string {
  const more = names.length - LISTED
  return [...names.slice(0, LISTED), ...(more > 0 ? [`… and ${more} more`] : [])].join(', ')
}

function count(images: number): string {
  return images === 1 ? '1 image' : `${images} images`
}
