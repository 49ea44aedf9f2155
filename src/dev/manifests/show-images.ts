import { type ImageId, imageKey } from '../../manifest/image-id.ts'
import type { InspectedImage } from '../../pipeline/inspect.ts'
import { describeWhitening } from '../../pipeline/pictures/describe-whitening.ts'
import { isTransparent } from '../../renditions/plan-renditions.ts'
import { appearance, type DevImage, sameId } from '../images/dev-manifest.ts'
import { currentState } from '../images/generation.ts'
import {
  describeLive,
  type LiveImage,
  type LivePicture,
  livePictures,
} from '../images/live-image.ts'
import { planShown, type ShownImage } from '../images/shown-image.ts'
import { type DevState, type ManifestEntry, warnOf, warnOnce } from './dev-state.ts'

/** What pages show of the images of a manifest from now on. */
export async function showImages(
  state: DevState,
  entry: ManifestEntry,
  images: readonly InspectedImage[],
): Promise<readonly DevImage[]> {
  const shown = new Map(
    images.map(image => [imageKey(image.planned.id), decideShown(state, entry, image)] as const),
  )
  const shownOf = (id: ImageId): ShownImage | undefined => shown.get(imageKey(id))
  return Promise.all(
    images.map(async image => {
      const own = shownOf(image.planned.id) ?? decideShown(state, entry, image)
      return versionOf(state, entry, image, await describeLive(own, state.pipeline, shownOf))
    }),
  )
}

function decideShown(state: DevState, entry: ManifestEntry, image: InspectedImage): ShownImage {
  const { generations, autoGeneration } = state
  const { planned } = image
  const current = currentState(planned.status, generations.find(planned)?.status)
  const isDue = entry.wanted && autoGeneration.covers(image)
  return planShown(image, previousOf(entry, image)?.live.shown, { current, isDue })
}

function previousOf({ manifest }: ManifestEntry, { planned }: InspectedImage) {
  return manifest?.images.find(other => sameId(other.planned.id, planned.id))
}

/** A new version only if code can tell the difference. */
function versionOf(
  state: DevState,
  entry: ManifestEntry,
  image: InspectedImage,
  live: LiveImage,
): DevImage {
  const previous = previousOf(entry, image)
  if (previous && appearance(previous.live) === appearance(live)) {
    return { ...image, live, version: previous.version }
  }
  for (const picture of livePictures(live)) {
    decodeLater(state, entry, picture).catch(error => warnOf(state, error))
  }
  return { ...image, live, version: ++state.version }
}

/** Learns in the background what needs the whole picture decoded: its placeholder, and its alpha. */
async function decodeLater(
  state: DevState,
  entry: ManifestEntry,
  { shown, plan }: LivePicture,
): Promise<void> {
  if (shown.kind !== 'picture') return
  const { renditions } = state.pipeline
  const { source, image } = shown
  const hasPlaceholder =
    plan.placeholder === 'none' || (await renditions.knownPlaceholder(source, plan.placeholder))
  const known = await renditions.knownAlpha(source)
  const [alpha] = await Promise.all([
    renditions.alpha(source),
    hasPlaceholder ? undefined : renditions.placeholder(source, plan.placeholder),
  ])
  const problem = describeWhitening(image, plan, alpha)
  if (problem !== undefined) warnOnce(state, problem)
  const isNews = !hasPlaceholder || (known === undefined && isTransparent(plan, alpha))
  if (isNews) await entry.refresh()
}
