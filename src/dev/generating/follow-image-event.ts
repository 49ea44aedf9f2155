import type { ImageId } from '../../manifest/image-id.ts'
import type { ImageEvent } from '../../pipeline/events.ts'
import { isUnderWay } from '../../plan/image-state.ts'
import { findWantedByKey, nameWanted, removeWanted, type WantedImages } from './wanted-images.ts'

export interface FollowContext {
  readonly wanted: WantedImages
  /** Told when an image came into another state; `isReady`: its original is there. */
  onChange(image: ImageId, isReady: boolean): void
}

const CANCELLED = { state: 'held', problem: 'It was cancelled before it was sent.' } as const

/** Takes over the state that the pipeline tells of an image, if this server asked for it. */
export function followImageEvent(
  { image: id, key, status }: ImageEvent,
  { wanted, onChange }: FollowContext,
): void {
  const image = findWantedByKey(wanted, id, key)
  if (image && isUnderWay(image.status)) {
    if (key !== undefined) nameWanted(wanted, image, key)
    if (status.state === 'ready') removeWanted(wanted, image)
    else if (status.state === 'failed' && image.isCancelled) image.status = CANCELLED
    else image.status = status
  }
  onChange(id, status.state === 'ready')
}
