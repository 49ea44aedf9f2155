import type { StoredOriginal } from '../originals/originals.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { PlannedImage } from '../plan/plan.ts'

export interface Unneeded<Stored extends StoredOriginal> {
  readonly originals: readonly Stored[]
  /** Every image of the project, as it stands now. */
  readonly images: readonly PlannedImage[]
}

/**
 * The originals that no manifest of the project needs. Always looks at all manifests, whatever
 * was selected: what one does not need, another may.
 * @throws ManifestError when one cannot be read, because then nobody knows what it needs
 */
export async function findUnneededOriginals<Stored extends StoredOriginal>(
  pipeline: Pipeline,
  stored: AsyncIterable<Stored>,
): Promise<Unneeded<Stored>> {
  // Before the manifests: what a build buys beside this is needed by what they say then at the latest.
  const listed: Stored[] = []
  for await (const original of stored) listed.push(original)
  const { images } = await pipeline.plan()
  const needed = new Set(images.flatMap(image => [image.key, image.earlierKey]))
  return { originals: listed.filter(({ key }) => !needed.has(key)), images }
}
