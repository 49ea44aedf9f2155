import { setImmediate as nextTurn } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { Clock } from '../../src/system/clock.ts'

export interface TestClock {
  readonly clock: Clock
  /** Lets time pass, and wakes whoever has slept long enough. */
  pass(milliseconds: number): Promise<void>
  /** Lets time pass as after a suspension: nobody wakes. */
  jump(milliseconds: number): void
  /** When the next sleeper wakes; infinite when nobody sleeps. */
  next(): number
}

/** A clock that stands still until it is told to move. Its calendar may be wrong. */
export function createTestClock(calendar = '2026-01-01T00:00:00Z'): TestClock {
  let time = 0
  const sleepers = new Set<{ readonly until: number; wake(): void }>()

  function sleep(delay: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const abort = () => {
        sleepers.delete(sleeper)
        reject(signal?.reason)
      }
      const wake = () => {
        sleepers.delete(sleeper)
        signal?.removeEventListener('abort', abort)
        resolve()
      }
      const sleeper = { until: time + delay, wake }
      sleepers.add(sleeper)
      signal?.addEventListener('abort', abort)
    })
  }

  return {
    clock: { now: () => time, date: () => new Date(Date.parse(calendar) + time), sleep },
    async pass(milliseconds) {
      time += milliseconds
      for (const sleeper of [...sleepers]) if (sleeper.until <= time) sleeper.wake()
      await nextTurn()
    },
    jump(milliseconds) {
      time += milliseconds
    },
    next: () => Math.min(...[...sleepers].map(({ until }) => until)),
  }
}

/** A clock that goes on to the next sleeper as soon as everybody sleeps, until the test ends. */
export function createRunningClock(calendar?: string): TestClock {
  const test = createTestClock(calendar)
  let stopped = false
  async function run(): Promise<void> {
    while (!stopped) {
      // Whatever is not asleep comes to its next sleep: the store needs no time of its own.
      await nextTurn()
      const next = test.next()
      if (next < Number.POSITIVE_INFINITY) await test.pass(Math.max(0, next - test.clock.now()))
    }
  }
  void run()
  onTestFinished(() => {
    stopped = true
  })
  return test
}
