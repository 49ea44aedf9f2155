import { ImagegenError } from './imagegen-error.ts'

/**
 * The API answered, and may have billed, but its answer is no usable picture: now, or when it was
 * asked earlier. The image is not requested again without being told to.
 */
export class UnusableAnswerError extends ImagegenError {
  readonly code = 'ANSWER_UNUSABLE'
  readonly requestId: string
  /** Absolute paths of what is in quarantine; none when the answer came in an earlier run. */
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
