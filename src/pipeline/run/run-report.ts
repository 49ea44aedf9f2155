import { ReferenceNotMadeError } from '../../errors/reference-not-made-error.ts'
import type { ImageId } from '../../manifest/image-id.ts'
import type { Acquired } from '../../originals/acquisition/order.ts'
import type { ImageOutcome, RunReport } from '../events.ts'

/** What was spent on an image. */
export type Spent = Pick<ImageOutcome, 'attempts' | 'possiblyBilledTwice' | 'waited'>

export const NOTHING_SPENT: Spent = { attempts: 0, possiblyBilledTwice: 0, waited: 0 }

export function reportAcquired(image: ImageId, acquired: Acquired, duration: number): ImageOutcome {
  const { original, how, attempts, possiblyBilledTwice, waited } = acquired
  const { width, height, size } = original.entry
  const spent = { attempts, possiblyBilledTwice, waited }
  return { image, outcome: how, duration, ...spent, width, height, size }
}

export function reportFailure(
  image: ImageId,
  error: Error,
  duration: number,
  { attempts, possiblyBilledTwice, waited }: Spent = NOTHING_SPENT,
): ImageOutcome {
  const outcome = error instanceof ReferenceNotMadeError ? 'skipped' : 'failed'
  return { image, outcome, duration, attempts, possiblyBilledTwice, waited, error }
}

export function summarizeRun(images: readonly ImageOutcome[]): RunReport {
  const total = (count: (image: ImageOutcome) => number) =>
    images.reduce((sum, image) => sum + count(image), 0)
  return {
    images,
    requests: total(image => image.attempts),
    possiblyBilledTwice: total(image => image.possiblyBilledTwice),
    waited: total(image => image.waited),
  }
}
