import type { ResolvedOptions } from '../../config/options.ts'
import { providerNamed } from '../../pipeline/project/image-provider-of.ts'
import { estimateImage } from '../../pipeline/run/estimate-cost.ts'
import type { PlannedImage } from '../../plan/plan.ts'
import { PRESETS } from '../../provider/presets.ts'

/** Where to look a price up that nobody entered, and where to enter it; undefined when all are known. */
export function explainPrices(
  wanted: readonly PlannedImage[],
  options: ResolvedOptions,
): string | undefined {
  const unpriced = wanted.filter(image => estimateImage(image, options) === undefined)
  const [first] = unpriced
  if (!first) return undefined
  const lists = unpriced.map(({ image }) => {
    const { preset, use } = providerNamed(options, image.provider)
    return use ? undefined : PRESETS[preset].account?.prices
  })
  const places = [...new Set(lists)].map(place => place ?? "your API's price list").join(' or ')
  const model = first.image.model ?? providerNamed(options, first.image.provider).model
  return `A price is missing. Look it up (${places}) and enter it as \`budget.prices['${model}']\`.`
}
