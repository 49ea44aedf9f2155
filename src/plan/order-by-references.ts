import { ManifestError } from '../errors/manifest-error.ts'
import { ReferenceGraphError } from '../errors/reference-graph-error.ts'
import { formatImageId, type ImageId, type ImageKey, imageKey } from '../manifest/image-id.ts'
import type { ImageReference, ManifestImage } from '../manifest/manifest.ts'

/** Finds an image of any manifest, which is read if need be. */
export type FindImage = (id: ImageId) => Promise<ManifestImage | undefined>

/** Why an image that another one refers to does not exist, and what was probably meant. */
export type ExplainUnknown = (id: ImageId) => Promise<string>

export interface OrderedImages {
  /** The selected images and everything that they refer to, each after its references. */
  readonly images: readonly ManifestImage[]
  /** What keeps single images from being made: they refer to manifests that have faults. */
  readonly faults: ReadonlyMap<ImageKey, ReferenceGraphError>
}

/**
 * A faulty manifest concerns only the images that refer to it.
 * @throws ReferenceGraphError that names the cycle, or the image that does not exist
 */
export async function orderByReferences(
  selected: readonly ManifestImage[],
  find: FindImage,
  explain: ExplainUnknown,
): Promise<OrderedImages> {
  const ordered = new Map<ImageKey, ManifestImage>()
  const faults = new Map<ImageKey, ReferenceGraphError>()
  const open: ManifestImage[] = []

  async function visit(image: ManifestImage): Promise<void> {
    const key = imageKey(image.id)
    if (ordered.has(key)) return
    const start = open.findIndex(({ id }) => imageKey(id) === key)
    if (start >= 0) throw cycleError([...open.slice(start), image])
    open.push(image)
    for (const reference of image.references) {
      if (reference.kind !== 'image') continue
      const target = await find(reference.image).catch(toManifestError)
      if (target instanceof ManifestError && !isMissingFile(target)) {
        if (!faults.has(key)) faults.set(key, faultyError(image, reference, target))
      } else if (!target || target instanceof ManifestError) {
        throw await unknownError(image, reference, explain)
      } else await visit(target)
    }
    open.pop()
    ordered.set(key, image)
  }

  for (const image of selected) await visit(image)
  return { images: [...ordered.values()], faults }
}

function toManifestError(error: unknown): ManifestError {
  if (error instanceof ManifestError) return error
  throw error
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
function isMissingFile({ cause }: ManifestError): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
}

/** The first fault is enough here: whoever reads the other manifest is told all of them. */
function faultyError(
  { id }: ManifestImage,
  { image: target, at }: ImageReference,
  cause: ManifestError,
): ReferenceGraphError {
  const place = `${id.manifest}:${at.line}:${at.column}`
  const [first] = cause.diagnostics
  const fault = first && ` ${first.file}:${first.line}:${first.column} ${first.message}`
  return new ReferenceGraphError(
    `${place} \`${id.name}\` refers to ${formatImageId(target)}, but that manifest has a fault. Fix it first:${fault ?? ` ${cause.message}`}`,
    { cause },
  )
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
