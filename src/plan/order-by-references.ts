import { ManifestError } from '../errors/manifest-error.ts'
import { ReferenceGraphError } from '../errors/reference-graph-error.ts'
import { formatImageId, type ImageId, type ImageKey, imageKey } from '../manifest/image-id.ts'
import type { ImageReference, ManifestImage } from '../manifest/manifest.ts'

/** Finds an image of any manifest, which is read if need be. */
export type FindImage = (id: ImageId) => Promise<ManifestImage | undefined>

/** Why an image that another one refers to does not exist, and what was probably meant. */
export type ExplainUnknown = (id: ImageId) => Promise<string>

/**
 * The selected images and everything that they refer to, each after its references.
 * @throws ReferenceGraphError that names the cycle, or the image that does not exist
 */
export async function orderByReferences(
  selected: readonly ManifestImage[],
  find: FindImage,
  explain: ExplainUnknown,
): Promise<readonly ManifestImage[]> {
  const ordered = new Map<ImageKey, ManifestImage>()
  const open: ManifestImage[] = []

  async function visit(image: ManifestImage): Promise<void> {
    const key = imageKey(image.id)
    if (ordered.has(key)) return
    const start = open.findIndex(({ id }) => imageKey(id) === key)
    if (start >= 0) throw cycleError([...open.slice(start), image])
    open.push(image)
    for (const reference of image.references) {
      if (reference.kind !== 'image') continue
      const target = await find(reference.image).catch(error => {
        if (!isMissingFile(error)) throw error
      })
      if (!target) throw await unknownError(image, reference, explain)
      await visit(target)
    }
    open.pop()
    ordered.set(key, image)
  }

  for (const image of selected) await visit(image)
  return [...ordered.values()]
}

/** The images that an image refers to directly, each once. */
export function dependenciesOf(image: ManifestImage): readonly ImageId[] {
  const targets = image.references.flatMap(reference =>
    reference.kind === 'image' ? [reference.image] : [],
  )
  return [...new Map(targets.map(id => [imageKey(id), id])).values()]
}

function cycleError(images: readonly ManifestImage[]): ReferenceGraphError {
  const names = images.map(({ id }) => formatImageId(id))
  return new ReferenceGraphError(
    `References form a cycle: ${names.join(' → ')}. Remove one of these references.`,
  )
}

/** A manifest that does not exist is a fault of the image that refers to it. */
function isMissingFile(error: unknown): boolean {
  const cause = error instanceof ManifestError ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
}

async function unknownError(
  { id }: ManifestImage,
  { image: target, at }: ImageReference,
  explain: ExplainUnknown,
): Promise<ReferenceGraphError> {
  const place = `${id.manifest}:${at.line}:${at.column}`
  const reason = await explain(target)
  return new ReferenceGraphError(
    `${place} \`${id.name}\` refers to ${formatImageId(target)}, but ${reason}`,
  )
}
