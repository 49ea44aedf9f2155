import type { Clock } from '../clock.ts'
import { describeFault, isPassing, readFault, type S3Fault } from './s3-fault.ts'
import type { S3Patience, S3Settings } from './s3-settings.ts'

/** Ends an attempt that makes no progress. */
export interface IdleWatch {
  readonly signal: AbortSignal
  /** Something came or went. */
  touch(): void
}

/** What one attempt came to: a result, or a fault that is the answer. */
export type Attempt<T> = (watch: IdleWatch, attempt: number) => Promise<T>

export interface Attempts {
  /**
   * Runs an attempt until it succeeds, as often as patience lasts and its faults may pass.
   * @param whatFailed the beginning of a sentence, for the error
   * @param accept turns a fault that is no failure into a result
   * @throws SharedStoreError
   */
  run<T>(
    whatFailed: string,
    attempt: Attempt<T>,
    accept?: (fault: S3Fault) => T | undefined,
  ): Promise<T>
}

export function createAttempts(
  settings: S3Settings,
  { idle, delays, longest }: S3Patience,
  clock: Clock,
  random: () => number,
): Attempts {
  async function once<T>(attempt: Attempt<T>, number: number): Promise<T | { fault: S3Fault }> {
    const watch = watchIdle(idle)
    try {
      return await attempt(watch, number)
    } catch (thrown) {
      return { fault: readFault(thrown, watch.signal.aborted ? idle : undefined) }
    } finally {
      watch.end()
    }
  }

  return {
    async run(whatFailed, attempt, accept = () => undefined) {
      const began = clock.now()
      for (let number = 1; ; number += 1) {
        const result = await once(attempt, number)
        if (!isFault(result)) return result
        const { fault } = result
        const accepted = accept(fault)
        if (accepted !== undefined) return accepted
        const delay = delays[number - 1]
        const spent = delay === undefined || clock.now() - began + delay > longest
        if (spent || !isPassing(fault)) throw describeFault(whatFailed, fault, settings, number)
        await clock.sleep(delay * (0.75 + random() / 2))
      }
    },
  }
}

function isFault(result: unknown): result is { fault: S3Fault } {
  return typeof result === 'object' && result !== null && 'fault' in result
}

function watchIdle(idle: number): IdleWatch & { end(): void } {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), idle)
  return {
    signal: controller.signal,
    touch: () => void timer.refresh(),
    end: () => clearTimeout(timer),
  }
}
