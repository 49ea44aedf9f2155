import { ImagegenError } from './imagegen-error.ts'

/** A run would buy more images than `budget.images` allows. Nothing of that run was bought. */
export class BudgetError extends ImagegenError {
  readonly code = 'BUDGET_EXCEEDED'
}
