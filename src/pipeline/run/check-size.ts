import { SizeMismatchError } from '../../errors/size-mismatch-error.ts'
import { formatImageId } from '../../manifest/image-id.ts'
import type { ManifestImage } from '../../manifest/manifest.ts'
import type { PictureFacts } from '../../originals/original.ts'

/** Compares the size of a picture with the requested one. The API documents that it may adjust it. */
export function sizeProblem(
  { id, size }: ManifestImage,
  { width, height }: PictureFacts,
): string | undefined {
  if (size === 'auto' || size === `${width}x${height}`) return undefined
  return `${formatImageId(id)}: the picture is ${width}x${height}, but ${size} was requested.`
}

export function sizeWarning(problem: string): string {
  return `${problem} It is used unchanged. Set \`output.aspect\` to crop it.`
}

/**
 * The picture is kept as an original all the same: to accept it later costs nothing.
 * @throws SizeMismatchError when its size differs from the requested one
 */
export function refuseOtherSize(image: ManifestImage, picture: PictureFacts): void {
  const problem = sizeProblem(image, picture)
  if (problem === undefined) return
  throw new SizeMismatchError(
    `${problem} It is kept as an original. Set \`onSizeMismatch\` to "warn" to use it, or write another \`revision\` to generate another picture.`,
  )
}
