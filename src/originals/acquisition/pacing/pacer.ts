import type { Clock } from '../../../system/clock.ts'

/** The right to have one request under way. */
export interface Permit {
  /** Gives the permit to the next one; further calls do nothing. */
  release(): void
  /**
   * Enters again after `delay` milliseconds, before everybody who was not in yet. A permit that was
   * not released stays taken meanwhile, and is given back in the end.
   */
  again(delay: number, signal?: AbortSignal): Promise<Permit>
}

/**
 * The queue in front of the provider: so many requests at once, and none while the server asked
 * for a pause. A request under way holds a permit, and so does one whose outcome is not known while
 * it waits for its retry, since the server may still be working on it. Syncing and decoding hold
 * none.
 */
export interface Pacer {
  /**
   * Resolves when a request may be sent. Rejects when the signal is aborted.
   * @param number of those who wait, the lowest comes first; of equal ones, the first to come
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
  let permit: Permit | undefined
  return {
    async enter(signal, delay = 0) {
      permit = permit ? await permit.again(delay, signal) : await pacer.enter(signal, number)
    },
    release: () => permit?.release(),
  }
}

/** Where somebody stands in the queue. */
interface Position {
  readonly number: number
  /** It was in before. */
  readonly again: boolean
}

interface Waiter extends Position {
  readonly admit: (permit: Permit) => void
  readonly signal: AbortSignal | undefined
  readonly leaveQueue: () => void
}

interface PacerState {
  readonly concurrency: number
  readonly clock: Clock
  readonly queue: Waiter[]
  limit: number
  active: number
  pausedUntil: number
  /** Somebody sleeps until the pause is over. */
  waking: boolean
}

export function createPacer(concurrency: number, clock: Clock): Pacer {
  const state: PacerState = {
    concurrency,
    clock,
    queue: [],
    limit: concurrency,
    active: 0,
    pausedUntil: Number.NEGATIVE_INFINITY,
    waking: false,
  }
  return {
    enter(signal, number = 0) {
      const admitted = waitInQueue(state, { number, again: false }, signal)
      admitNext(state)
      return admitted
    },
    slowDown(delay) {
      state.pausedUntil = Math.max(state.pausedUntil, clock.now() + delay)
      state.limit = 1
    },
    speedUp() {
      // Answers to what was sent before the pause say nothing about what the server takes after it.
      if (clock.now() < state.pausedUntil) return
      state.limit = Math.min(concurrency, state.limit + 1)
      admitNext(state)
    },
  }
}

function admitNext(state: PacerState): void {
  const { queue, clock } = state
  while (queue.length > 0 && state.active < state.limit && clock.now() >= state.pausedUntil) {
    const waiter = queue.shift()
    if (!waiter) return
    waiter.signal?.removeEventListener('abort', waiter.leaveQueue)
    state.active += 1
    waiter.admit(createPermit(state, waiter.number))
  }
  if (queue.length > 0 && clock.now() < state.pausedUntil) wakeAfterPause(state)
}

function wakeAfterPause(state: PacerState): void {
  if (state.waking) return
  state.waking = true
  const { clock, pausedUntil } = state
  // The wait has no signal, so it cannot reject.
  void clock.sleep(Math.max(1, pausedUntil - clock.now())).then(() => {
    state.waking = false
    admitNext(state)
  })
}

function createPermit(state: PacerState, number: number): Permit {
  let held = true
  function release(): void {
    if (!held) return
    held = false
    state.active -= 1
    admitNext(state)
  }
  return {
    release,
    async again(delay, signal) {
      try {
        if (delay > 0) await state.clock.sleep(delay, signal)
        const admitted = waitInQueue(state, { number, again: true }, signal)
        // Only now, so that nobody who came later takes it.
        release()
        admitNext(state)
        return await admitted
      } finally {
        release()
      }
    },
  }
}

function waitInQueue(
  { queue }: PacerState,
  position: Position,
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
    const waiter: Waiter = { ...position, admit, signal, leaveQueue }
    signal?.addEventListener('abort', leaveQueue, { once: true })
    const behind = queue.findIndex(other => comesBefore(waiter, other))
    queue.splice(behind === -1 ? queue.length : behind, 0, waiter)
  })
}

function comesBefore(one: Position, other: Position): boolean {
  return one.again === other.again ? one.number < other.number : one.again
}
