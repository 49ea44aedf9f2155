import type { StoredOriginal } from '../../originals/original.ts'
import type { PlannedImage } from '../../plan/plan.ts'

export interface UnneededOriginals<Stored extends StoredOriginal> {
  readonly originals: readonly Stored[]
  /** Every image that a build could want, as it stands now. */
  readonly images: readonly PlannedImage[]
}

/**
 * The originals that no manifest of the project needs. Always looks at all manifests, whatever
 * was selected: what one does not need, another may.
 * @throws ManifestError when one cannot be read, because then nobody knows what it needs
 */
export async function findUnneededOriginals<Stored extends StoredOriginal>(
  stored: AsyncIterable<Stored>,
  findNeeded: () => Promise<readonly PlannedImage[]>,
): Promise<UnneededOriginals<Stored>> {
  // Listed before the manifests are read: a build may add originals meanwhile, which the manifests
  // then need.
  const listed: Stored[] = []
  for await (const original of stored) listed.push(original)
  const images = await findNeeded()
  const needed = new Set(images.flatMap(image => [image.key, image.earlierKey, image.promptKey]))
  return { originals: listed.filter(({ key }) => !needed.has(key)), images }
}
