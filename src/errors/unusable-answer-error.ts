import { ImagegenError } from './imagegen-error.ts'

/**
 * The API answered, now or in an earlier run, and may have billed the request, but the answer is not
 * a usable picture. The image is not requested again on its own.
 */
export class UnusableAnswerError extends ImagegenError {
  readonly code = 'ANSWER_UNUSABLE'
  readonly requestId: string
  /** Absolute paths of the files in quarantine; empty when the answer came in an earlier run. */
  readonly paths: readonly string[]

  constructor(
    message: string,
    details: {
      readonly requestId: string
      readonly paths?: readonly string[]
      readonly cause?: unknown
    },
  ) {
    super(message, { cause: details.cause })
    this.requestId = details.requestId
    this.paths = details.paths ?? []
  }
}
