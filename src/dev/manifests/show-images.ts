import { type ImageId, imageKey } from '../../manifest/image-id.ts'
import type { InspectedImage } from '../../pipeline/inspect.ts'
import { describeWhitening } from '../../pipeline/pictures/describe-whitening.ts'
import { isTransparent } from '../../renditions/plan-renditions.ts'
import { appearance, type DevImage } from '../images/dev-manifest.ts'
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
  const before = new Map(
    entry.manifest?.images.map(image => [imageKey(image.planned.id), image] as const),
  )
  const isFirst = entry.shown && !entry.decoded
  entry.decoded = entry.shown
  const decided = images.map(image => {
    const previous = before.get(imageKey(image.planned.id))
    return { image, previous, shown: decideShown(state, entry, image, previous) }
  })
  const byId = new Map(decided.map(each => [imageKey(each.image.planned.id), each.shown] as const))
  const shownOf = (id: ImageId): ShownImage | undefined => byId.get(imageKey(id))
  return Promise.all(
    decided.map(async ({ image, previous, shown }) => {
      const live = await describeLive(shown, state.pipeline, { shownOf, previous: previous?.live })
      const isNew = !previous || !looksAlike(previous.live, live)
      if (entry.shown && (isNew || isFirst)) decodeAll(state, entry, live)
      return { ...image, live, version: isNew ? ++state.version : previous.version }
    }),
  )
}

function decideShown(
  { generations, autoGeneration }: DevState,
  entry: ManifestEntry,
  image: InspectedImage,
  previous: DevImage | undefined,
): ShownImage {
  const { planned } = image
  const current = currentState(planned.status, generations.find(planned)?.status)
  const isDue = entry.wanted && autoGeneration.covers(image)
  return planShown(image, previous?.live.shown, { current, isDue })
}

/** Whether code can't tell the difference. */
function looksAlike(before: LiveImage, after: LiveImage): boolean {
  return before === after || appearance(before) === appearance(after)
}

function decodeAll(state: DevState, entry: ManifestEntry, live: LiveImage): void {
  for (const picture of livePictures(live)) {
    decodeLater(state, entry, picture).catch(error => warnOf(state, error))
  }
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
