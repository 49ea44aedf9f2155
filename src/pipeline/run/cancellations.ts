import { RunStoppedError } from '../../errors/run-stopped-error.ts'
import { formatImageId, type ImageId, type ImageKey, imageKey } from '../../manifest/image-id.ts'

/** Lets somebody call off single images of the runs under way, as long as their requests wait. */
export interface Cancellations {
  /** For one image of a run. Aborted when it is called off. */
  open(image: ImageId): Cancellable
  /** Whether a run under way has the image. A request that was sent comes to its end. */
  cancel(image: ImageId): boolean
}

export interface Cancellable {
  readonly signal: AbortSignal
  close(): void
}

export function createCancellations(): Cancellations {
  const running = new Map<ImageKey, Set<AbortController>>()
  return {
    open(image) {
      const key = imageKey(image)
      const controller = new AbortController()
      const own = running.get(key) ?? new Set()
      running.set(key, own.add(controller))
      return {
        signal: controller.signal,
        close() {
          own.delete(controller)
          if (own.size === 0) running.delete(key)
        },
      }
    },
    cancel(image) {
      const own = running.get(imageKey(image)) ?? []
      const reason = new RunStoppedError(
        `${formatImageId(image)} was cancelled before it was sent.`,
      )
      for (const controller of own) controller.abort(reason)
      return running.has(imageKey(image))
    },
  }
}

/** Ends waiting for other images once the image itself is called off. */
export async function unlessCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const ended = new AbortController()
  const cancelled = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true, signal: ended.signal })
  })
  try {
    return await Promise.race([work, cancelled])
  } finally {
    ended.abort()
  }
}
