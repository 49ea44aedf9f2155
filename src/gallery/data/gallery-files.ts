import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { ServedFile } from '../../dev/images/served-file.ts'
import type { Original } from '../../originals/original.ts'
import { type ImagePicture, verifyPicture } from '../../pipeline/pictures/image-picture.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import { drawThumbHash } from '../../renditions/encode/placeholder.ts'
import type { PlannedRendition } from '../../renditions/rendition.ts'
import { sha256 } from '../../system/digest.ts'
import { extensionOf, formatOfExtension, isReferenceFormat } from '../../system/picture-format.ts'

/** An original, byte for byte. */
export function originalFile(
  original: Original,
  { originals }: Pick<Pipeline, 'originals'>,
): ServedFile {
  const { digest, format } = original.entry
  return {
    identifier: `original-${digest}.${extensionOf(format)}`,
    type: `image/${format}`,
    async content() {
      await originals.verify(original)
      return { digest, bytes: await readFile(original.path) }
    },
  }
}

/** A rendition, made on request. */
export function renditionFile(
  picture: ImagePicture,
  rendition: PlannedRendition,
  { originals, renditions }: Pick<Pipeline, 'originals' | 'renditions'>,
): ServedFile {
  return {
    identifier: `rendition-${rendition.key}.${extensionOf(rendition.format)}`,
    type: `image/${rendition.format}`,
    async content() {
      await verifyPicture(picture, originals)
      const { digest, path: file } = await renditions.renderOne(picture.source, rendition)
      return { digest, bytes: await readFile(file) }
    },
  }
}

/**
 * A ThumbHash as the picture that a page draws of it.
 * @param hash base64
 */
export function thumbHashFile(hash: string): ServedFile {
  return {
    identifier: `thumbhash-${sha256(hash)}.png`,
    type: 'image/png',
    async content() {
      const bytes = await drawThumbHash(hash)
      return { digest: sha256(bytes), bytes }
    },
  }
}

/** A reference picture of the project; undefined when it is missing, or its name is not a picture's. */
export async function referenceFile(file: string): Promise<ServedFile | undefined> {
  const extension = path.extname(file).toLowerCase()
  const format = formatOfExtension(extension.slice(1))
  const info = await stat(file).catch(() => undefined)
  if (!isReferenceFormat(format) || !info?.isFile()) return undefined
  const mark = sha256(`${file}\n${info.size}\n${info.mtimeMs}`)
  return {
    identifier: `reference-${mark}${extension}`,
    type: `image/${format}`,
    async content() {
      const bytes = await readFile(file)
      return { digest: sha256(bytes), bytes }
    },
  }
}
