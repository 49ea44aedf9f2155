import { ImagegenError } from './imagegen-error.ts'

/**
 * The API answered, and billed, but what came is no usable picture. The raw answer and what was
 * decoded of it are kept in quarantine.
 */
export class UnusableAnswerError extends ImagegenError {
  readonly code = 'ANSWER_UNUSABLE'
  readonly requestId: string
  /** Absolute paths of what is in quarantine. */
  readonly paths: readonly string[]

  constructor(
    message: string,
    details: {
      readonly requestId: string
      readonly paths: readonly string[]
      readonly cause?: unknown
    },
  ) {
    super(message, { cause: details.cause })
    this.requestId = details.requestId
    this.paths = details.paths
  }
}
