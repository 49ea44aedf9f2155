import type { ImageId } from '../../manifest/image-id.ts'
import { type DevManifest, sameId } from '../images/dev-manifest.ts'
import { type DevState, emit, warnOf } from './dev-state.ts'

/** An image came into another state: reads its manifest again, and those that wait for its picture. */
export function followImage(state: DevState, image: ImageId, isReady: boolean): void {
  emit(state, { type: 'status', image })
  state.budgetWait.begin()
  for (const { manifest, refresh } of state.entries.values()) {
    if (!manifest || !concerns(manifest, image, isReady)) continue
    refresh().catch(error => warnOf(state, error))
  }
}

function concerns({ images }: DevManifest, image: ImageId, isReady: boolean): boolean {
  return images.some(
    ({ planned: { id, dependsOn } }) =>
      sameId(id, image) || (isReady && dependsOn.some(other => sameId(other, image))),
  )
}
