import { readFile } from 'node:fs/promises'
import type { ImageId } from '../../manifest/image-id.ts'
import type { Original } from '../../originals/original.ts'
import type { Originals } from '../../originals/originals.ts'
import type { ReferencePicture } from '../../plan/reference-picture.ts'
import { extensionOf, isReferenceFormat } from '../../system/picture-format.ts'

export interface SentReferenceContext {
  readonly originals: Pick<Originals, 'verify'>
  /** An original's picture as PNG. */
  toPng(original: Original): Promise<Uint8Array<ArrayBuffer>>
}

/**
 * An original as a reference of another image. It is identified by its content, and sent as PNG if
 * the API does not accept its format. Reads nothing before it is sent.
 */
export function originalAsReference(
  id: ImageId,
  original: Original,
  { originals, toPng }: SentReferenceContext,
): ReferencePicture {
  const { format, digest, size } = original.entry
  const isSentAsIs = isReferenceFormat(format)
  const sent = isSentAsIs ? format : 'png'
  return {
    fileName: `${id.name}.${extensionOf(sent)}`,
    type: `image/${sent}`,
    digest,
    size,
    async bytes() {
      await originals.verify(original)
      return isSentAsIs ? readFile(original.path) : toPng(original)
    },
  }
}
