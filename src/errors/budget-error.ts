import { ImagegenError } from './imagegen-error.ts'

/** A run needs more images than `budget.images` allows. It requested none of them. */
export class BudgetError extends ImagegenError {
  readonly code = 'BUDGET_EXCEEDED'
}
