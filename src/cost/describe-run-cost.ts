import { formatAmount } from '../text/format-amount.ts'
import type { RunCost } from './run-cost.ts'

/** `Spent 0.08 USD. Up to 0.04 USD more may have been billed without a picture.` Pure. */
export function describeRunCost({ spent, possiblyWasted, unpriced, currency }: RunCost): string {
  const sentences: string[] = []
  const wasted = formatAmount(possiblyWasted, currency)
  if (spent > 0 || possiblyWasted + unpriced === 0)
    sentences.push(`Spent ${formatAmount(spent, currency)}.`)
  if (possiblyWasted > 0) {
    const more = spent > 0 ? ' more' : ''
    sentences.push(`Up to ${wasted}${more} may have been billed without a picture.`)
  }
  if (unpriced > 0) {
    sentences.push(
      unpriced === 1 ? '1 attempt has no price.' : `${unpriced} attempts have no price.`,
    )
  }
  return sentences.join(' ')
}
