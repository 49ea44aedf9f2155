import type { Clock } from '../../../system/clock.ts'
import { describeS3Fault, isPassing, readFault, type S3Fault } from './s3-fault.ts'
import type { S3Patience, S3Settings } from './s3-settings.ts'

/** Ends an attempt that makes no progress. */
export interface IdleWatch {
  readonly signal: AbortSignal
  /** So many bytes came or went. */
  touch(bytes: number): void
}

/** What one attempt came to: a result, or a fault that is the answer. */
export type S3Attempt<T> = (watch: IdleWatch, attempt: number) => Promise<T>

export interface S3Attempts {
  /**
   * Runs an attempt until it succeeds, as often as patience lasts and its faults may pass.
   * @param whatFailed the beginning of a sentence, for the error
   * @param accept turns a fault that is no failure into a result
   * @throws SharedStoreError
   */
  run<T>(
    whatFailed: string,
    attempt: S3Attempt<T>,
    accept?: (fault: S3Fault) => T | undefined,
  ): Promise<T>
}

export function createS3Attempts(
  settings: S3Settings,
  { idle, delays, longest }: S3Patience,
  clock: Clock,
  random: () => number,
): S3Attempts {
  async function once<T>(attempt: S3Attempt<T>, number: number): Promise<T | { fault: S3Fault }> {
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
        if (spent || !isPassing(fault)) throw describeS3Fault(whatFailed, fault, settings, number)
        await clock.sleep(delay * (0.75 + random() / 2))
      }
    },
  }
}

function isFault(result: unknown): result is { fault: S3Fault } {
  return typeof result === 'object' && result !== null && 'fault' in result
}

/** Bytes a second, over a whole attempt: a slower one never ends in practice. */
const SLOWEST = 4 * 1024

/** Progress gives an attempt more time, but no more than its bytes are worth. */
function watchIdle(idle: number): IdleWatch & { end(): void } {
  const controller = new AbortController()
  const began = performance.now()
  let bytes = 0
  let timer = setTimeout(() => controller.abort(), idle)
  return {
    signal: controller.signal,
    touch(more) {
      bytes += more
      const left = began + (bytes / SLOWEST) * 1_000 + idle - performance.now()
      clearTimeout(timer)
      timer = setTimeout(() => controller.abort(), Math.max(0, Math.min(idle, left)))
    },
    end: () => clearTimeout(timer),
  }
}
