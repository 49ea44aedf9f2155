import type { InspectedImage } from '../../pipeline/inspect.ts'
import { appearance, type DevImage, sameId } from '../images/dev-manifest.ts'
import { currentState } from '../images/generation.ts'
import { describeLive, type LiveImage } from '../images/live-image.ts'
import { planShown } from '../images/shown-image.ts'
import { type DevState, type ManifestEntry, warnOf } from './dev-state.ts'

/** What pages show of an image from now on; a new version only if code can tell the difference. */
export async function showImage(
  state: DevState,
  entry: ManifestEntry,
  image: InspectedImage,
): Promise<DevImage> {
  const { pipeline, generations, autoGeneration } = state
  const { planned } = image
  const previous = entry.manifest?.images.find(other => sameId(other.planned.id, planned.id))
  const current = currentState(planned.status, generations.find(planned)?.status)
  const isDue = entry.wanted && autoGeneration.covers(image)
  const shown = planShown(image, previous?.live.shown, { current, isDue })
  const live = await describeLive(shown, pipeline)
  if (previous && appearance(previous.live) === appearance(live)) {
    return { ...image, live, version: previous.version }
  }
  makePlaceholder(state, entry, live).catch(error => warnOf(state, error))
  return { ...image, live, version: ++state.version }
}

/** In the background, because it needs the whole picture decoded. */
async function makePlaceholder(
  { pipeline: { renditions } }: DevState,
  entry: ManifestEntry,
  { shown, plan }: LiveImage,
): Promise<void> {
  if (shown.kind !== 'picture' || plan.placeholder === 'none') return
  if (await renditions.knownPlaceholder(shown.source, plan.placeholder)) return
  await renditions.placeholder(shown.source, plan.placeholder)
  await entry.refresh()
}
