import { RenditionError } from '../../errors/rendition-error.ts'
import { formatImageId } from '../../manifest/image-id.ts'
import type { ManifestImage } from '../../manifest/manifest.ts'
import type { PlannedFile, RenditionSource } from '../../renditions/rendition.ts'

/**
 * Holds the files of `output.files` to the picture's size: nothing is scaled up.
 * @throws RenditionError when the picture is too small for one
 */
export function checkNamedFiles(
  { id }: Pick<ManifestImage, 'id'>,
  { width, height, drawn }: RenditionSource,
  files: readonly PlannedFile[],
): void {
  if (drawn) return
  const tooLarge = files.find(file => file.named && (file.width > width || file.height > height))
  if (!tooLarge) return
  throw new RenditionError(
    `${formatImageId(id)}: the picture of ${width}×${height} pixels is too small for ${JSON.stringify(tooLarge.named?.file)} of ${tooLarge.width}×${tooLarge.height}. Use a larger picture, or write smaller \`output.files\`.`,
  )
}
