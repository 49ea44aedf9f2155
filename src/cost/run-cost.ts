import { sumAmounts } from './sum-amounts.ts'

/** What attempts at one picture, or at several, cost. */
export interface Expenses {
  /** For answers that brought a picture, as far as their cost is known. */
  readonly spent: number
  /** For attempts that may have been billed and brought none, as far as a price says. */
  readonly possiblyWasted: number
  /** How many attempts, of either kind, have no known cost. */
  readonly unpriced: number
}

/** {@link Expenses} in a currency. */
export interface RunCost extends Expenses {
  /** ISO 4217. */
  readonly currency: string
}

/** All of them together. Pure. */
export function sumExpenses(all: readonly Expenses[]): Expenses {
  return {
    spent: sumAmounts(all.map(({ spent }) => spent)),
    possiblyWasted: sumAmounts(all.map(({ possiblyWasted }) => possiblyWasted)),
    unpriced: sumAmounts(all.map(({ unpriced }) => unpriced)),
  }
}

/** What several runs of a project cost together; undefined when nothing is known of any. Pure. */
export function sumCosts(costs: readonly RunCost[]): RunCost | undefined {
  const [first] = costs
  return first && { ...sumExpenses(costs), currency: first.currency }
}
