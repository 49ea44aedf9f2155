import { setTimeout as sleep } from 'node:timers/promises'

/** Time as this room needs it; tests bring their own. */
export interface Clock {
  /** Milliseconds of a clock that is never set back: for waits. */
  now(): number
  /** The calendar: for records. */
  date(): Date
  /** Resolves after `delay` milliseconds; rejects when the signal is aborted before. */
  sleep(delay: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  sleep: (delay, signal) => sleep(delay, undefined, signal ? { signal } : {}),
}
