import { ImagegenError } from './imagegen-error.ts'

/** Images of a run failed; everything else of it was made and kept. */
export class RunError extends ImagegenError {
  readonly code = 'RUN_FAILED'
  /** One per image that failed, in the order of the plan. */
  readonly errors: readonly Error[]

  constructor(message: string, errors: readonly Error[]) {
    super(message, { cause: errors[0] })
    this.errors = errors
  }
}
