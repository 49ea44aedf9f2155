import { ImagegenError } from './imagegen-error.ts'

/**
 * An attempt may have been billed, but its picture did not arrive. `retry.uncertain` is `stop`, so
 * nothing more is sent for this image until somebody decides.
 */
export class UncertainAttemptError extends ImagegenError {
  readonly code = 'ATTEMPT_UNCERTAIN'
  /** The request ID of the attempts: the API's support can say what became of it. */
  readonly requestId: string
  /** How many attempts may have been billed. */
  readonly attempts: number

  constructor(
    message: string,
    details: { readonly requestId: string; readonly attempts: number; readonly cause?: unknown },
  ) {
    super(message, { cause: details.cause })
    this.requestId = details.requestId
    this.attempts = details.attempts
  }
}
