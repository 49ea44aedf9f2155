import { abandoned, timedOut } from './transport-error.ts'

/** Both in milliseconds. */
export interface Timeout {
  /** The longest time without a byte of the answer. */
  readonly silence: number
  /** The longest time for the whole attempt, up to the last byte of its answer. */
  readonly total: number
}

/** Ends an attempt when its time is up or its caller gives it up. */
export interface Deadline {
  /** Aborted in both cases, with an AttemptError that says which it was. */
  readonly signal: AbortSignal
  /** True once the first byte of the request was about to go out. */
  readonly sent: boolean
  markSent(): void
  /** Something came: silence starts anew. */
  heard(): void
  /** Nothing can come because nobody reads: that is not silence. Lasts until {@link heard}. */
  holdSilence(): void
  /** Settles with the work, or rejects once the attempt is over: connecting cannot be aborted. */
  race<Result>(work: Promise<Result>): Promise<Result>
  /** Stops the clock. */
  end(): void
}

/** @param who within a sentence: `the API at https://…` */
export function startDeadline(
  timeout: Timeout,
  who: string,
  signal: AbortSignal | undefined,
): Deadline {
  const controller = new AbortController()
  let sent = false
  let ended = false

  const giveUp = (): void => controller.abort(abandoned(signal?.reason, { sent, who }))
  const expire = (part: keyof Timeout): void =>
    controller.abort(timedOut(part, timeout[part], { sent, who }))
  const total = setTimeout(expire, timeout.total, 'total')
  const startSilence = () => setTimeout(expire, timeout.silence, 'silence')
  let silence: ReturnType<typeof setTimeout> | undefined = startSilence()
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
    heard() {
      if (ended || controller.signal.aborted) return
      if (silence) silence.refresh()
      else silence = startSilence()
    },
    holdSilence() {
      clearTimeout(silence)
      silence = undefined
    },
    race: work => race(work, controller.signal),
    end() {
      ended = true
      clearTimeout(total)
      clearTimeout(silence)
      signal?.removeEventListener('abort', giveUp)
    },
  }
}

function race<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const over = (): void => reject(signal.reason)
    if (signal.aborted) over()
    signal.addEventListener('abort', over, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', over))
  })
}
