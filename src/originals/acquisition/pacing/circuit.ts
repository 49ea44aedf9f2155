import type { UnusableAnswerError } from '../../../errors/unusable-answer-error.ts'
import type { Key } from '../../../plan/image-request.ts'
import type { AttemptError } from '../../../provider/attempt-error.ts'

/** So many images in a row that failed for the same cause stop the run. */
const IMAGES_IN_A_ROW = 3

/** Says nothing about other images: a refusal of this one's words. */
const OWN_CAUSES: ReadonlySet<ImageFailure['code']> = new Set(['MODERATION'])

/** Why an image got no picture. */
export type ImageFailure = AttemptError | UnusableAnswerError

/** Whether one run may still send to a provider. Once stopped it stays so; another run has its own. */
export interface Circuit {
  /** Aborted when the run is stopped. */
  readonly stopped: AbortSignal
  /** Why the run was stopped. */
  readonly cause: Error | undefined
  stop(cause: Error): void
  /** Stops the run whatever provider it asks: the fault is one of this machine. */
  stopAll(cause: Error): void
  /** An image got no picture, its retries included. */
  failed(key: Key, error: ImageFailure): void
  /** An image got an answer. */
  succeeded(): void
}

export function createCircuit(stopAll: (cause: Error) => void): Circuit {
  const controller = new AbortController()
  const row = new Set<Key>()
  /** Of the images in the row: code and status. */
  let common: string | undefined
  let cause: Error | undefined

  function stop(error: Error): void {
    if (cause) return
    cause = error
    controller.abort(error)
  }

  function forgetRow(): void {
    row.clear()
    common = undefined
  }

  return {
    stopped: controller.signal,
    get cause() {
      return cause
    },
    stop,
    stopAll,
    failed(key, error) {
      // All its attempts have shown by now that no image can be sent.
      if (error.code === 'NOT_SENT' || ('scope' in error && error.scope === 'run')) {
        stop(error)
        return
      }
      const cause = `${error.code} ${'status' in error ? error.status : ''}`
      if (cause !== common) forgetRow()
      if (OWN_CAUSES.has(error.code)) return
      common = cause
      row.add(key)
      if (row.size >= IMAGES_IN_A_ROW) stop(error)
    },
    succeeded: forgetRow,
  }
}
