import type { ImageKey } from '../../manifest/image-id.ts'
import type { ManifestImage } from '../../manifest/manifest.ts'
import type { Original } from '../../originals/original.ts'
import type { Originals } from '../../originals/originals.ts'
import type { SourcePicture } from '../../plan/source-picture.ts'
import type { RenditionSource } from '../../renditions/rendition.ts'
import { type SourceContext, sourceOf } from './source-of.ts'

/** The picture of an image. */
export interface ImagePicture {
  /** Absent for a source image: nothing was requested, and no store has it. */
  readonly original?: Original
  readonly source: RenditionSource
}

/** The pictures that are there, by image. */
export type ImagePictures = ReadonlyMap<ImageKey, ImagePicture>

/** The picture that a request brought. */
export async function originalPicture(
  image: ManifestImage,
  original: Original,
  context: SourceContext,
): Promise<ImagePicture> {
  return { original, source: await sourceOf(image, original, context) }
}

/** The picture of a source image. */
export function sourcePicture({
  path,
  digest,
  format,
  width,
  height,
}: SourcePicture): ImagePicture {
  return { source: { path, digest, format, width, height, composite: false, supplied: true } }
}

/** Makes sure that the bytes are the ones that came. Those of a source are compared when they are decoded. */
export async function verifyPicture(
  { original }: ImagePicture,
  originals: Pick<Originals, 'verify'>,
): Promise<void> {
  if (original) await originals.verify(original)
}
