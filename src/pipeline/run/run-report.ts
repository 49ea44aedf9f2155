import { expensesOf } from '../../cost/expenses.ts'
import { sumExpenses } from '../../cost/run-cost.ts'
import { ReferenceNotMadeError } from '../../errors/reference-not-made-error.ts'
import type { Acquired, Spending } from '../../originals/acquisition/order.ts'
import type { PlannedImage } from '../../plan/plan.ts'
import type { ImageOutcome, RunReport } from '../events.ts'
import { type CostOptions, pricedRequest } from './estimate-cost.ts'

export const NOTHING_SPENT: Spending = {
  attempts: 0,
  possiblyBilledTwice: 0,
  answers: [],
  waited: 0,
}

/** What is known of an image when its outcome is. */
export interface Reported {
  readonly planned: PlannedImage
  /** Milliseconds. */
  readonly duration: number
  readonly options: CostOptions
}

export function reportAcquired(acquired: Acquired, reported: Reported): ImageOutcome {
  const { original, how } = acquired
  const { width, height, size } = original.entry
  return {
    image: reported.planned.id,
    outcome: how,
    duration: reported.duration,
    ...reportSpending(acquired, how === 'generated', reported),
    width,
    height,
    size,
  }
}

export function reportFailure(
  error: Error,
  reported: Reported,
  spending: Spending = NOTHING_SPENT,
): ImageOutcome {
  return {
    image: reported.planned.id,
    outcome: error instanceof ReferenceNotMadeError ? 'skipped' : 'failed',
    duration: reported.duration,
    ...reportSpending(spending, false, reported),
    error,
  }
}

function reportSpending(
  { attempts, possiblyBilledTwice, answers, waited }: Spending,
  hasPicture: boolean,
  { planned: { image }, options }: Reported,
): Pick<ImageOutcome, 'attempts' | 'possiblyBilledTwice' | 'waited' | 'expenses'> {
  const attempted = { answers, hasPicture, doubtful: possiblyBilledTwice }
  const expenses = expensesOf(pricedRequest(image, options), attempted, options.budget.prices)
  return { attempts, possiblyBilledTwice, waited, expenses }
}

export function summarizeRun(
  images: readonly ImageOutcome[],
  { budget: { prices, currency } }: CostOptions,
): RunReport {
  const expenses = sumExpenses(images.map(image => image.expenses))
  const isKnown = expenses.spent + expenses.possiblyWasted > 0
  const isPriced = Object.keys(prices).length > 0 && expenses.unpriced > 0
  const total = (count: (image: ImageOutcome) => number) =>
    images.reduce((sum, image) => sum + count(image), 0)
  return {
    images,
    requests: total(image => image.attempts),
    possiblyBilledTwice: total(image => image.possiblyBilledTwice),
    waited: total(image => image.waited),
    ...((isKnown || isPriced) && { cost: { ...expenses, currency } }),
  }
}
