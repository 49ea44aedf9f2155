import type { Clock } from '../../system/clock.ts'
import type { ProvePicture } from '../original.ts'
import { createPacer } from './pacing/pacer.ts'

/**
 * Proofs at once. Decoders and file system share the four threads of libuv: while proofs had all
 * of them, the next requests waited for their journal records.
 */
const PROOFS = 1

/** Proves pictures one after the other. */
export function limitProofs(prove: ProvePicture, clock: Clock): ProvePicture {
  const queue = createPacer(PROOFS, clock)
  return async (file, signal) => {
    const permit = await queue.enter(signal)
    try {
      return await untilAborted(prove(file, signal), signal)
    } finally {
      permit.release()
    }
  }
}

/** A decoder can't be stopped, but nobody has to wait for it. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  const ended = new AbortController()
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true, signal: ended.signal })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    ended.abort()
  }
}
