import { StoreError } from '../../../errors/store-error.ts'
import { formatImageId, type ImageId } from '../../../manifest/image-id.ts'
import { AttemptError } from '../../../provider/attempt-error.ts'
import type { OutcomeRecord } from '../../journal/journal-record.ts'
import { adviseAgain, imageFault } from '../wording.ts'

/** The picture was made, but only its address has come. */
export function downloadWaits(image: ImageId, error: AttemptError): AttemptError {
  return new AttemptError(
    `${formatImageId(image)}: ${error.message} The next run downloads it without another request.`,
    {
      code: error.code,
      outcome: error.outcome,
      retryable: error.retryable,
      cause: error,
      ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
    },
  )
}

/** What can be done about an answer in quarantine. */
export function adviseRecovery(image: ImageId): string {
  return `\`imagegen recover\` checks it again without a request, for example after an update. ${adviseAgain(image)}`
}

/** A whole answer is on disk, but could not become an original. */
export function answerNotCommitted(image: ImageId, answer: string, cause: unknown): StoreError {
  const { message } = imageFault(
    `${formatImageId(image)} was generated, and its complete answer is in ${answer}, but it can't be stored as an original`,
    cause,
  )
  return new StoreError(`${message} The next run stores it without another request.`, { cause })
}

/** What the journal notes of an attempt that brought no picture. */
export function outcomeOf({
  outcome,
  message: problem,
  code,
  status,
}: AttemptError): Omit<OutcomeRecord, 'version' | 'time' | 'quarantined'> {
  return { outcome, problem, code, ...(status !== undefined && { status }) }
}
