import type { Prices } from '../config/prices.ts'
import type { AnswerFacts } from '../provider/provider.ts'
import { costOf } from './cost-of.ts'
import { type PricedRequest, priceOf } from './price-of.ts'
import type { Expenses } from './run-cost.ts'
import { sumAmounts } from './sum-amounts.ts'

/** What came of the attempts at one picture. */
export interface Attempted {
  /** What each whole answer said beside the picture, in their order. */
  readonly answers: readonly AnswerFacts[]
  /** Whether the last answer brought the picture. */
  readonly hasPicture: boolean
  /** Further attempts that may have been billed. */
  readonly doubtful: number
}

/** What the attempts at one picture cost. Pure. */
export function expensesOf(
  request: PricedRequest,
  { answers, hasPicture, doubtful }: Attempted,
  prices: Prices,
): Expenses {
  const costs = answers.map(facts => costOf(request, facts, prices))
  const price = priceOf(request, prices)
  const brought = hasPicture ? costs.slice(-1) : []
  const wasted = [
    ...costs.slice(0, costs.length - brought.length),
    ...Array.from({ length: doubtful }, () => price),
  ]
  return {
    spent: sumAmounts(brought.flatMap(known)),
    possiblyWasted: sumAmounts(wasted.flatMap(known)),
    unpriced: [...brought, ...wasted].filter(cost => cost === undefined).length,
  }
}

function known(cost: number | undefined): readonly number[] {
  return cost === undefined ? [] : [cost]
}
