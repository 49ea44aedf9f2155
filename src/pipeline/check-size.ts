import { SizeMismatchError } from '../errors/size-mismatch-error.ts'
import { formatImageId } from '../manifest/image-id.ts'
import type { ManifestImage } from '../manifest/manifest.ts'
import type { PictureFacts } from '../originals/original.ts'

/** Compares what was asked for with what came; the API documents that it may adjust a size. */
export function sizeProblem(
  { id, size }: ManifestImage,
  { width, height }: PictureFacts,
): SizeMismatchError | undefined {
  if (size === 'auto' || size === `${width}x${height}`) return undefined
  return new SizeMismatchError(
    `${formatImageId(id)} is ${width}x${height}, though ${size} was asked for. It is used as it is; set \`output.aspect\` to crop it.`,
  )
}
