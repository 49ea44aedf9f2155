import { setTimeout as sleep } from 'node:timers/promises'

/** The clock. Tests bring their own. */
export interface Clock {
  /** Milliseconds of a clock that never goes back: for waits. */
  now(): number
  /** The calendar: for records. */
  date(): Date
  /** Resolves after `delay` milliseconds; rejects when the signal aborts first. */
  sleep(delay: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  sleep: (delay, signal) => sleep(delay, undefined, signal ? { signal } : {}),
}
