import type { AttemptCost } from '../../cost/attempt-costs.ts'
import type { RunCost } from '../../cost/run-cost.ts'
import { sumAttempts } from '../../cost/sum-attempts.ts'
import type { OriginalEntry } from '../../originals/original.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'

/** An amount of money, as plain JSON. */
export interface GalleryAmount {
  readonly amount: number
  /** ISO 4217. */
  readonly currency: string
}

/** What the pictures of a cache cost. */
export interface GalleryCosts {
  /** Of all requests that the cache knows of. Absent when nothing says what anything cost. */
  readonly total?: RunCost
  /** The same of requests since midnight. */
  readonly today?: RunCost
  /** What the answer cost that brought a picture, kept for however many requests. */
  of(entry: OriginalEntry): GalleryAmount | undefined
}

export const NO_COSTS: GalleryCosts = { of: () => undefined }

/** Reads every entry, and this machine's journal. @throws StoreError */
export async function readGalleryCosts(
  { costs, options }: Pick<Pipeline, 'costs' | 'options'>,
  now: Date,
): Promise<GalleryCosts> {
  const { currency } = options.budget
  const attempts = await costs()
  const midnight = new Date(now).setHours(0, 0, 0, 0)
  const total = costOfAttempts(attempts, currency)
  const today = costOfAttempts(
    attempts.filter(({ time }) => Date.parse(time) >= midnight),
    currency,
  )
  const kept = new Map(
    attempts.flatMap(({ outcome, requestId, cost }) =>
      outcome === 'kept' && cost !== undefined ? [[requestId, cost] as const] : [],
    ),
  )
  return {
    ...(total && { total }),
    ...(today && { today }),
    of({ requestId }) {
      const amount = kept.get(requestId)
      return amount === undefined ? undefined : { amount, currency }
    },
  }
}

/** Undefined when nothing says what anything cost. */
function costOfAttempts(attempts: readonly AttemptCost[], currency: string): RunCost | undefined {
  const { spent, possiblyWasted, unpriced } = sumAttempts(attempts)
  return spent + possiblyWasted > 0 ? { spent, possiblyWasted, unpriced, currency } : undefined
}
