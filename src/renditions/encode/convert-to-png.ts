import { ReferenceFileError } from '../../errors/reference-file-error.ts'
import type { Original } from '../../originals/original.ts'
import { explainDecoding } from '../decode-fault.ts'
import type { ProofLimits } from './prove-picture.ts'
import { loadSharp } from './sharp.ts'

/**
 * Converts an original to PNG, for an API that does not take its format. Takes the first frame of an
 * animation. The original stays as it is.
 * @throws ReferenceFileError when it has more pixels than allowed, or cannot be decoded
 */
export async function convertToPng(
  { entry, path }: Original,
  { pixels = 3840 }: ProofLimits,
): Promise<Buffer<ArrayBuffer>> {
  const { format, width, height } = entry
  if (Math.max(width, height) > pixels) {
    throw new ReferenceFileError(
      `The ${format} ${path} has ${width}×${height} pixels; \`limits.pixels\` allows ${pixels}. Raise the limit to use the picture as a reference.`,
    )
  }
  const sharp = await loadSharp()
  try {
    const png = await sharp(path, { failOn: 'error', limitInputPixels: pixels * pixels })
      .autoOrient()
      .png()
      .toBuffer()
    return Buffer.from(png)
  } catch (cause) {
    throw new ReferenceFileError(
      `The ${format} ${path} can't be converted to PNG, the format that the API accepts for references: ${explainDecoding(cause)}.`,
      { cause },
    )
  }
}
