import { ReferenceFileError } from '../../errors/reference-file-error.ts'
import type { PictureFacts } from '../../originals/original.ts'
import type { ReferencePicture } from '../../plan/reference-picture.ts'
import { proveReference } from './prove-picture.ts'
import { loadSharp } from './sharp.ts'

/**
 * Holds a mask to what APIs want of one: a PNG with an alpha channel, as large as the picture that it
 * is for.
 * @param picture what the mask is for
 * @param subject the image that refers to it, for the message
 * @throws ReferenceFileError
 */
export async function proveMask(
  mask: Pick<ReferencePicture, 'fileName' | 'bytes'>,
  picture: Pick<PictureFacts, 'width' | 'height'>,
  subject: string,
): Promise<void> {
  const { format, width, height } = await proveReference(mask, subject)
  const fail = (problem: string) =>
    new ReferenceFileError(`${subject}: the mask ${mask.fileName} ${problem}`)
  if (format !== 'png') throw fail(`is ${format.toUpperCase()}. Save it as PNG.`)
  if (width !== picture.width || height !== picture.height) {
    throw fail(
      `has ${width}×${height} pixels, but its picture has ${picture.width}×${picture.height}. Give both the same size.`,
    )
  }
  const sharp = await loadSharp()
  const { hasAlpha } = await sharp(await mask.bytes()).metadata()
  if (!hasAlpha) {
    throw fail('has no alpha channel. Make it transparent where the picture may change.')
  }
}
