import { ImagegenError } from '../errors/imagegen-error.ts'
import type { RunReport } from './events.ts'

/** Images of a run failed; everything else of it was made and kept. `cause` is the first failure. */
export class RunError extends ImagegenError {
  readonly code = 'RUN_FAILED'
  /** One per image that failed, in the order of the plan. */
  readonly errors: readonly Error[]
  /** What became of every image of the run, failed or not. */
  readonly report: RunReport

  constructor(message: string, report: RunReport) {
    const errors = report.images.flatMap(({ error }) => error ?? [])
    super(message, { cause: errors[0] })
    this.errors = errors
    this.report = report
  }
}
