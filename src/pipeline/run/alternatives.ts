import type { ImageId } from '../../manifest/image-id.ts'
import type { ManifestImage } from '../../manifest/manifest.ts'
import type { ImageStateName } from '../../plan/image-state.ts'
import type { Planner } from '../../plan/planner.ts'

export interface AlternativesContext {
  readonly planner: Planner
  /** Whether a revision is being generated. */
  readonly isTaken?: (id: ImageId) => boolean
}

/** States in which another request brings a picture, or says why it cannot. */
const OPEN: readonly ImageStateName[] = ['missing', 'blocked', 'uncertain', 'failed']

/**
 * The revisions for `count` further pictures of each image: the lowest ones above its own that have
 * no picture. So a revision that failed, or whose answer was lost, comes before new ones.
 */
export async function findAlternatives(
  images: readonly ManifestImage[],
  count: number,
  context: AlternativesContext,
): Promise<readonly ImageId[]> {
  const found = await Promise.all(images.map(image => findOwn(image, count, context)))
  return found.flat()
}

async function findOwn(
  image: ManifestImage,
  count: number,
  { planner, isTaken = () => false }: AlternativesContext,
): Promise<readonly ImageId[]> {
  // A source has no request, and so no other picture of it.
  if (image.source) return []
  const { manifest, name } = image.id
  const free: ImageId[] = []
  for (let next = image.revision + 1; free.length < count; next += count) {
    const revisions = Array.from({ length: count }, (_, index) => next + index)
    const candidates = revisions
      .map(revision => ({ ...image, id: { manifest, name, revision }, revision }))
      .filter(({ id }) => !isTaken(id))
    const { images: planned } = await planner.plan(candidates)
    const own = planned.filter(({ id }) => id.revision !== undefined)
    const wanted = own.filter(({ status }) => OPEN.includes(status.state))
    free.push(...wanted.map(({ id }) => id))
  }
  return free.slice(0, count)
}
