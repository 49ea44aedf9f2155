import type { ImageId } from '../../manifest/image-id.ts'
import type { ManifestImage } from '../../manifest/manifest.ts'
import type { Original, OriginalEntry } from '../../originals/original.ts'
import { adoptionOf } from '../../originals/store/entry/decision.ts'
import type { FindImage } from '../../plan/order-by-references.ts'
import type { RenditionSource } from '../../renditions/rendition.ts'

/** The picture of a request, as renditions are made from it. */
export async function sourceOf(
  image: ManifestImage,
  { entry, path: file }: Original,
  context: SourceContext,
): Promise<RenditionSource> {
  const { digest, format, width, height } = entry
  return {
    path: file,
    digest,
    format,
    width,
    height,
    composite: await isComposite(image, context),
    ...(isUnmarked(entry) && { unmarked: true }),
  }
}

export interface SourceContext {
  readonly find: FindImage
  /** The original of an image that another one refers to. */
  originalOf(id: ImageId): Original | undefined
}

/** Whether nobody said that a model made a picture: it was adopted, not requested. */
export function isUnmarked(entry: OriginalEntry): boolean {
  return adoptionOf(entry)?.ai === false
}

/** Whether supplied pictures went into an image, directly or through what it refers to. */
async function isComposite(
  { references }: ManifestImage,
  { find, originalOf }: SourceContext,
): Promise<boolean> {
  for (const reference of references) {
    if (reference.kind === 'file') return true
    const original = originalOf(reference.image)
    const adoption = original && adoptionOf(original.entry)
    if (adoption?.ai === false) return true
    if (adoption) continue
    const target = await find(reference.image)
    if (target?.source) return true
    if (target && (await isComposite(target, { find, originalOf }))) return true
  }
  return false
}
