import { type ImageId, type ImageKey, imageKey } from '../../manifest/image-id.ts'
import type { ManifestImage } from '../../manifest/manifest.ts'
import type { Selection } from './selection.ts'
import { findUnknownImages } from './unknown-selection.ts'

/**
 * The images of a selection among those of its manifests, each in the revision that is asked for.
 * @throws SelectionError
 */
export function selectedImages(
  images: readonly ManifestImage[],
  { revision, images: ids }: Selection,
): readonly ManifestImage[] {
  if (!ids) return images.map(image => withRevision(image, revision))
  const unknown = findUnknownImages(ids, images)
  if (unknown) throw unknown
  const wanted = revisionsByImage(ids)
  return images.flatMap(image =>
    [...(wanted.get(imageKey(image.id)) ?? [])].map(own => withRevision(image, own ?? revision)),
  )
}

/** Undefined stands for the revision of the selection, or of the manifest. */
function revisionsByImage(
  ids: readonly ImageId[],
): ReadonlyMap<ImageKey, ReadonlySet<number | undefined>> {
  const found = new Map<ImageKey, Set<number | undefined>>()
  for (const { manifest, name, revision } of ids) {
    const key = imageKey({ manifest, name })
    found.set(key, (found.get(key) ?? new Set()).add(revision))
  }
  return found
}

function withRevision(image: ManifestImage, revision = image.revision): ManifestImage {
  if (image.revision === revision) return image
  return { ...image, id: { ...image.id, revision }, revision }
}
