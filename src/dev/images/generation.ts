import {
  type ImageState,
  isUnderWay,
  type ProgressState,
  type StateOf,
} from '../../plan/image-state.ts'
import type { PlannedState } from '../../plan/plan.ts'

/** An image that this server asked for, and how far its request has come. */
export interface Generation {
  readonly status: ProgressState | StateOf<'held' | 'failed'>
  /** When it was asked for. ISO 8601. */
  readonly since: string
}

/**
 * The state of an image: how far its request has come, else what is on disk. A failure counts only
 * as long as the disk does not say more. Pure.
 */
export function currentState(
  planned: PlannedState,
  requested: Generation['status'] | undefined,
): ImageState {
  if (!requested) return planned
  if (isUnderWay(requested)) return requested
  const isOpen = planned.state === 'missing' || planned.state === 'blocked'
  const isDropped = requested.state === 'held' && planned.state !== 'ready'
  return isOpen || isDropped ? requested : planned
}
