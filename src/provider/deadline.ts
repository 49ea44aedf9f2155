import { abandoned, timedOut } from './transport-error.ts'

/** Ends an attempt when its time is over or its caller gives it up. */
export interface Deadline {
  /** Aborted by either, with an AttemptError that says which it was. */
  readonly signal: AbortSignal
  /** True once the first byte of the request was about to go out. */
  readonly sent: boolean
  markSent(): void
  /** Settles with the work, or rejects as soon as the attempt is over: connecting cannot be aborted. */
  race<Result>(work: Promise<Result>): Promise<Result>
  /** Stops the clock. */
  end(): void
}

/** @param timeout milliseconds */
export function startDeadline(
  timeout: number,
  label: string,
  signal: AbortSignal | undefined,
): Deadline {
  const controller = new AbortController()
  let sent = false

  const giveUp = (): void => controller.abort(abandoned(signal?.reason, { sent, label }))
  const timer = setTimeout(() => controller.abort(timedOut(timeout, { sent, label })), timeout)
  signal?.addEventListener('abort', giveUp, { once: true })
  if (signal?.aborted) giveUp()

  return {
    signal: controller.signal,
    get sent() {
      return sent
    },
    markSent() {
      sent = true
    },
    race(work) {
      return new Promise((resolve, reject) => {
        const over = (): void => reject(controller.signal.reason)
        if (controller.signal.aborted) over()
        controller.signal.addEventListener('abort', over, { once: true })
        work.then(resolve, reject)
      })
    },
    end() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', giveUp)
    },
  }
}
