import type { Key } from '../plan/image-request.ts'
import type { AttemptError, AttemptErrorCode } from '../provider/attempt-error.ts'

/** So many images in a row that failed for the same cause stop the run. */
const IMAGES_IN_A_ROW = 5

const SHARED_CAUSES: ReadonlySet<AttemptErrorCode> = new Set([
  'NOT_SENT',
  'CONNECTION_LOST',
  'TIMEOUT',
  'SERVER',
  'RATE_LIMITED',
  'RETRY_AFTER_TOO_LONG',
  'REDIRECTED',
])

/** Whether one run may still send. Once stopped it stays so; another run has its own. */
export interface Circuit {
  /** Aborted when the run is stopped. */
  readonly stopped: AbortSignal
  /** Why the run was stopped. */
  readonly cause: Error | undefined
  stop(cause: Error): void
  /** An image got no picture, its retries included. */
  failed(key: Key, error: AttemptError): void
  /** An image got an answer. */
  succeeded(): void
}

export function createCircuit(): Circuit {
  const controller = new AbortController()
  const row = new Set<Key>()
  let code: AttemptErrorCode | undefined
  let cause: Error | undefined

  function stop(error: Error): void {
    if (cause) return
    cause = error
    controller.abort(error)
  }

  function forgetRow(): void {
    row.clear()
    code = undefined
  }

  return {
    stopped: controller.signal,
    get cause() {
      return cause
    },
    stop,
    failed(key, error) {
      if (error.scope === 'run') {
        stop(error)
        return
      }
      if (error.code !== code) forgetRow()
      if (!SHARED_CAUSES.has(error.code)) return
      code = error.code
      row.add(key)
      if (row.size >= IMAGES_IN_A_ROW) stop(error)
    },
    succeeded: forgetRow,
  }
}
