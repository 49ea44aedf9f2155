import { formatImageId } from '../../manifest/image-id.ts'
import type { ManifestImage } from '../../manifest/manifest.ts'
import { turnsWhite } from '../../renditions/plan-renditions.ts'
import type { FilePlan } from '../../renditions/rendition.ts'

/**
 * Warns of transparent pixels that turn white although nobody said so; undefined when there are none.
 * @param alpha whether the picture has transparent pixels
 */
export function describeWhitening(
  { id }: Pick<ManifestImage, 'id'>,
  plan: FilePlan,
  alpha: boolean,
): string | undefined {
  if (!turnsWhite(plan, alpha)) return undefined
  return `${formatImageId(id)} has transparent pixels, which turn white in JPEG. Set \`output.background\` to another colour, or replace jpeg in \`output.formats\` by png.`
}
