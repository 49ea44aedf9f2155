import { readFile } from 'node:fs/promises'
import { ReferenceFileError } from '../errors/reference-file-error.ts'
import { formatImageId, type ImageId } from '../manifest/image-id.ts'
import type { Original } from '../originals/original.ts'
import type { Originals } from '../originals/originals.ts'
import type { ReferencePicture } from '../plan/reference-picture.ts'

/** An original as what another image refers to; it counts by its content. */
export function originalAsReference(
  id: ImageId,
  original: Original,
  originals: Originals,
): ReferencePicture {
  const { format, digest, size } = original.entry
  if (format !== 'png' && format !== 'jpeg' && format !== 'webp') {
    throw new ReferenceFileError(
      `${formatImageId(id)} came back as ${format}, which the API does not take as a reference. Refer to a PNG, JPEG or WebP copy of it.`,
    )
  }
  return {
    fileName: `${id.name}.${format === 'jpeg' ? 'jpg' : format}`,
    type: `image/${format}`,
    digest,
    size,
    async bytes() {
      await originals.verify(original)
      return readFile(original.path)
    },
  }
}
