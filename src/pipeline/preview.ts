import { isDeepStrictEqual } from 'node:util'
import { ManifestError } from '../errors/manifest-error.ts'
import { type ImageKey, imageKey } from '../manifest/image-id.ts'
import type { Manifest, ManifestImage } from '../manifest/manifest.ts'
import { dependenciesOf } from '../plan/order-by-references.ts'
import type { PlannedImage } from '../plan/plan.ts'
import type { Planner } from '../plan/planner.ts'
import type { ManifestReader } from './project/read-images.ts'

/** What would be if a manifest had another text. */
export interface Preview {
  readonly manifest: Manifest
  /** The images whose requests would be others, each after those that it refers to. */
  readonly images: readonly PreviewedImage[]
}

export interface PreviewedImage {
  readonly planned: PlannedImage
  /** `words`: its own changed, or it is new. `reference`: it is made from an image that changes. */
  readonly because: 'words' | 'reference'
}

export interface PreviewDeps {
  /** The manifests as they are. */
  readonly before: ManifestReader
  /** The same with the other text. */
  readonly after: { readonly manifests: ManifestReader; readonly planner: Planner }
  /** Every manifest of the project. */
  readonly files: readonly string[]
}

/** @throws ManifestError with the faults of the text */
export async function previewManifest(
  file: string,
  { before, after, files }: PreviewDeps,
): Promise<Preview> {
  const manifest = await after.manifests.read(file)
  const changed = new Set((await findChanged(file, manifest, before)).map(({ id }) => imageKey(id)))
  const others = await Promise.all(
    files
      .filter(other => other !== file)
      .map(other => after.manifests.read(other).catch(noManifest)),
  )
  const images = [manifest, ...others].flatMap(read => read?.images ?? [])
  const affected = withDependents(changed, images)
  const { images: planned } = await after.planner.plan(
    images.filter(({ id }) => affected.has(imageKey(id))),
  )
  return {
    manifest,
    images: planned
      .filter(({ id }) => affected.has(imageKey(id)))
      .map(image => ({
        planned: image,
        because: changed.has(imageKey(image.id)) ? 'words' : 'reference',
      })),
  }
}

async function findChanged(
  file: string,
  { images }: Manifest,
  before: ManifestReader,
): Promise<readonly ManifestImage[]> {
  const present = await before.read(file).catch(noManifest)
  const known = new Map(present?.images.map(image => [imageKey(image.id), image]))
  return images.filter(image => {
    const old = known.get(imageKey(image.id))
    return !old || !isDeepStrictEqual(requestedOf(old), requestedOf(image))
  })
}

/** What a request depends on. */
function requestedOf({
  prompt,
  size,
  provider,
  model,
  references,
  revision,
  params,
  source,
}: ManifestImage) {
  const sent = references.map(({ at: _, mask, ...reference }) => ({
    ...reference,
    mask: mask?.path,
  }))
  return { prompt, size, provider, model, references: sent, revision, params, source: source?.path }
}

/** Images that are made from others, directly or not, and these. */
function withDependents(
  changed: ReadonlySet<ImageKey>,
  images: readonly ManifestImage[],
): ReadonlySet<ImageKey> {
  const affected = new Set(changed)
  for (let size = -1; size !== affected.size; ) {
    size = affected.size
    for (const image of images) {
      const isAffected = dependenciesOf(image).some(id => affected.has(imageKey(id)))
      if (isAffected) affected.add(imageKey(image.id))
    }
  }
  return affected
}

/** A manifest with faults has no images to tell of. */
function noManifest(error: unknown): undefined {
  if (!(error instanceof ManifestError)) throw error
}
