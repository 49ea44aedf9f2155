import type { ResolvedOptions } from '../../config/options.ts'
import { type PricedRequest, priceOf } from '../../cost/price-of.ts'
import { sumAmounts } from '../../cost/sum-amounts.ts'
import type { ManifestImage } from '../../manifest/manifest.ts'
import type { PlannedImage } from '../../plan/plan.ts'
import { providerNamed } from '../project/image-provider-of.ts'

/** What requests are expected to cost. */
export interface Estimate {
  /** Of those that have a price, in the currency of the options. */
  readonly amount: number
  /** How many have none. */
  readonly unpriced: number
}

/** The options that say what pictures cost. */
export type CostOptions = Pick<ResolvedOptions, 'provider' | 'providers' | 'budget'>

/** What the price of an image depends on, whether its request can be made yet or not. Pure. */
export function pricedRequest(
  { model, provider, size, params }: ManifestImage,
  options: CostOptions,
): PricedRequest {
  return { model: model ?? providerNamed(options, provider).model, size, params }
}

/** What one picture of an image is expected to cost; undefined when no price says so. Pure. */
export function estimateImage(
  { image }: Pick<PlannedImage, 'image'>,
  options: CostOptions,
): number | undefined {
  return priceOf(pricedRequest(image, options), options.budget.prices)
}

/** What images need of `budget.spend`: more than any limit while one of them has no price. Pure. */
export function neededSpend(
  images: readonly Pick<PlannedImage, 'image'>[],
  options: CostOptions,
): number {
  const unpriced = Number.POSITIVE_INFINITY
  return images.reduce((sum, image) => sum + (estimateImage(image, options) ?? unpriced), 0)
}

/** What one picture of each image is expected to cost; undefined where nobody has written a price. Pure. */
export function estimateCost(
  images: readonly PlannedImage[],
  options: CostOptions,
): Estimate | undefined {
  const { prices, spend } = options.budget
  if (Object.keys(prices).length === 0 && spend === undefined) return undefined
  const amounts = images.flatMap(image => estimateImage(image, options) ?? [])
  return { amount: sumAmounts(amounts), unpriced: images.length - amounts.length }
}
