import type { Clock } from '../../../system/clock.ts'

/** The right to have one request under way. */
export interface Permit {
  /** Gives the slot to the next one; further calls do nothing. */
  release(): void
  /**
   * Enters again after `delay` milliseconds, before everybody who was not in yet. A slot that was
   * not left stays taken meanwhile, and is given back in the end.
   */
  again(delay: number, signal?: AbortSignal): Promise<Permit>
}

/**
 * The queue in front of the provider: so many requests at once, and none while the server asked
 * for a pause. A slot is held by a request under way, and while one whose outcome is not known waits
 * for its retry, since the server may still be working on it. Syncing and decoding hold none.
 */
export interface Pacer {
  /**
   * Resolves when a request may be sent. Rejects when the signal is aborted.
   * @param number lower ones of those who wait come first; of equal ones, who came first
   */
  enter(signal?: AbortSignal, number?: number): Promise<Permit>
  /** Nobody enters for `delay` milliseconds, and one at a time after that. */
  slowDown(delay: number): void
  /** A request was answered: one more at once may be tried, up to the limit. */
  speedUp(): void
}

/** How one order comes to send its requests, from the first to the last. */
export interface RequestPermit {
  /**
   * Waits until a request may be sent; from the second time on as {@link Permit.again}.
   * @param delay milliseconds
   */
  enter(signal: AbortSignal, delay?: number): Promise<void>
  /** Lets others in until it enters again. */
  release(): void
}

/** @param number as of {@link Pacer.enter} */
export function createRequestPermit(pacer: Pacer, number: number): RequestPermit {
  let slot: Permit | undefined
  return {
    async enter(signal, delay = 0) {
      slot = slot ? await slot.again(delay, signal) : await pacer.enter(signal, number)
    },
    release: () => slot?.release(),
  }
}

interface Waiter {
  readonly number: number
  /** It was in before. */
  readonly again: boolean
  readonly admit: (slot: Permit) => void
  readonly signal: AbortSignal | undefined
  readonly leaveQueue: () => void
}

export function createPacer(concurrency: number, clock: Clock): Pacer {
  const queue: Waiter[] = []
  let limit = concurrency
  let active = 0
  let pausedUntil = Number.NEGATIVE_INFINITY
  let waking = false

  function admitNext(): void {
    while (queue.length > 0 && active < limit && clock.now() >= pausedUntil) {
      const waiter = queue.shift()
      if (!waiter) return
      waiter.signal?.removeEventListener('abort', waiter.leaveQueue)
      active += 1
      waiter.admit(createSlot(waiter.number))
    }
    if (queue.length > 0 && clock.now() < pausedUntil) wakeAfterPause()
  }

  function wakeAfterPause(): void {
    if (waking) return
    waking = true
    // The wait has no signal, so it cannot reject.
    void clock.sleep(Math.max(1, pausedUntil - clock.now())).then(() => {
      waking = false
      admitNext()
    })
  }

  function createSlot(number: number): Permit {
    let held = true
    const release = (): void => {
      if (!held) return
      held = false
      active -= 1
      admitNext()
    }
    return {
      release,
      async again(delay, signal) {
        try {
          if (delay > 0) await clock.sleep(delay, signal)
          const admitted = waitInLine({ number, again: true }, signal)
          // After that, so that nobody who came later takes it.
          release()
          admitNext()
          return await admitted
        } finally {
          release()
        }
      },
    }
  }

  function waitInLine(
    place: Pick<Waiter, 'number' | 'again'>,
    signal: AbortSignal | undefined,
  ): Promise<Permit> {
    return new Promise<Permit>((admit, reject) => {
      if (signal?.aborted) {
        reject(signal.reason)
        return
      }
      const leaveQueue = (): void => {
        queue.splice(queue.indexOf(waiter), 1)
        reject(signal?.reason)
      }
      const waiter: Waiter = { ...place, admit, signal, leaveQueue }
      signal?.addEventListener('abort', leaveQueue, { once: true })
      const behind = queue.findIndex(other => comesBefore(waiter, other))
      queue.splice(behind === -1 ? queue.length : behind, 0, waiter)
    })
  }

  return {
    enter(signal, number = 0) {
      const admitted = waitInLine({ number, again: false }, signal)
      admitNext()
      return admitted
    },
    slowDown(delay) {
      pausedUntil = Math.max(pausedUntil, clock.now() + delay)
      limit = 1
    },
    speedUp() {
      // Answers to what was sent before the pause say nothing about what the server takes after it.
      if (clock.now() < pausedUntil) return
      limit = Math.min(concurrency, limit + 1)
      admitNext()
    },
  }
}

function comesBefore(one: Waiter, other: Waiter): boolean {
  return one.again === other.again ? one.number < other.number : one.again
}
