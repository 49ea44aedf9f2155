import type { ResolvedOptions } from '../../config/options.ts'
import { priceOf } from '../../cost/price-of.ts'
import { sumAmounts } from '../../cost/sum-amounts.ts'
import type { PlannedImage } from '../../plan/plan.ts'

/** What requests are expected to cost. */
export interface Estimate {
  /** Of those that have a price, in the currency of the options. */
  readonly amount: number
  /** How many have none. */
  readonly unpriced: number
}

/** What one picture of an image is expected to cost; undefined when no price says so. Pure. */
export function estimateImage(
  { image }: Pick<PlannedImage, 'image'>,
  { provider, budget }: Pick<ResolvedOptions, 'provider' | 'budget'>,
): number | undefined {
  const { model = provider.model, size, params } = image
  return priceOf({ model, size, params }, budget.prices)
}

/** What one picture of each image is expected to cost; undefined when the options have no prices. Pure. */
export function estimateCost(
  images: readonly PlannedImage[],
  options: Pick<ResolvedOptions, 'provider' | 'budget'>,
): Estimate | undefined {
  if (Object.keys(options.budget.prices).length === 0) return undefined
  const amounts = images.flatMap(image => estimateImage(image, options) ?? [])
  return { amount: sumAmounts(amounts), unpriced: images.length - amounts.length }
}
