import type { Clock } from './clock.ts'

/** The right to have one request under way. */
export interface Slot {
  /** Gives the slot to the next one; further calls do nothing. */
  leave(): void
}

/**
 * The queue in front of the provider: so many requests at once, and none while the server asked
 * for a pause. Only requests under way hold a slot; who waits for a retry, syncs or decodes does not.
 */
export interface Pacer {
  /** Resolves, in order of arrival, when a request may be sent. Rejects when the signal is aborted. */
  enter(signal?: AbortSignal): Promise<Slot>
  /** Nobody enters for `delay` milliseconds, and one at a time after that. */
  slowDown(delay: number): void
  /** A request was answered: one more at once may be tried, up to the limit. */
  speedUp(): void
}

interface Waiter {
  readonly admit: (slot: Slot) => void
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
      waiter.admit(createSlot())
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

  function createSlot(): Slot {
    let held = true
    return {
      leave() {
        if (!held) return
        held = false
        active -= 1
        admitNext()
      },
    }
  }

  return {
    enter(signal) {
      return new Promise<Slot>((admit, reject) => {
        if (signal?.aborted) {
          reject(signal.reason)
          return
        }
        const leaveQueue = (): void => {
          queue.splice(queue.indexOf(waiter), 1)
          reject(signal?.reason)
        }
        const waiter: Waiter = { admit, signal, leaveQueue }
        signal?.addEventListener('abort', leaveQueue, { once: true })
        queue.push(waiter)
        admitNext()
      })
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
