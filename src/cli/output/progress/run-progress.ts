import { formatImageId, type ImageId, type ImageKey, imageKey } from '../../../manifest/image-id.ts'
import type { ImageEvent, PipelineEvent } from '../../../pipeline/events.ts'

/** One image that is being worked on. */
export interface ActiveImage {
  readonly name: string
  readonly status: ImageEvent['status']
  /** When work on it began, and when its status changed last: milliseconds of the clock. */
  readonly began: number
  readonly changed: number
  /** Requests sent for it so far. */
  readonly attempts: number
}

/** What is known of a run while it goes on. */
export interface RunProgress {
  readonly total: number
  readonly toGenerate: number
  readonly done: number
  readonly failed: number
  readonly active: ReadonlyMap<ImageKey, ActiveImage>
}

export const NO_PROGRESS: RunProgress = {
  total: 0,
  toGenerate: 0,
  done: 0,
  failed: 0,
  active: new Map(),
}

/** The progress after an event. Pure. */
export function applyEvent(progress: RunProgress, event: PipelineEvent, now: number): RunProgress {
  switch (event.type) {
    case 'run-start':
      // A command may run several times, and shows the sum.
      return {
        ...progress,
        total: progress.total + event.images,
        toGenerate: progress.toGenerate + event.toGenerate,
      }
    case 'image':
      return applyStatus(progress, event.image, event.status, now)
    case 'warning':
    case 'run-end':
      return progress
  }
}

function applyStatus(
  progress: RunProgress,
  image: ImageId,
  status: ImageEvent['status'],
  now: number,
): RunProgress {
  const key = imageKey(image)
  const before = progress.active.get(key)
  const active = new Map(progress.active)
  active.delete(key)
  if (status.state === 'ready') return { ...progress, done: progress.done + 1, active }
  if (status.state === 'failed') {
    return { ...progress, done: progress.done + 1, failed: progress.failed + 1, active }
  }
  active.set(key, {
    name: formatImageId(image),
    status,
    began: before?.began ?? now,
    changed: before && before.status.state === status.state ? before.changed : now,
    attempts: status.state === 'generating' ? status.attempt : (before?.attempts ?? 0),
  })
  return { ...progress, active }
}
