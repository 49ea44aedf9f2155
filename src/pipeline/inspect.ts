import type { ResolvedOptions } from '../config/options.ts'
import { type ImageKey, imageKey } from '../manifest/image-id.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Original, OriginalState } from '../originals/original.ts'
import type { FindImage } from '../plan/graph.ts'
import type { Key } from '../plan/image-request.ts'
import type { PlannedImage } from '../plan/plan.ts'
import type { Planner } from '../plan/planner.ts'
import type { RenditionSource } from '../renditions/rendition.ts'
import type { ManifestReader } from './project/read-images.ts'
import { sourceOf, watchFilesOf } from './resolve-module.ts'

/** One image of a manifest, as it stands. */
export interface InspectedImage {
  readonly planned: PlannedImage
  /** What the tiers say of its key; absent while the key is not known. */
  readonly look?: OriginalState
  /** Set when its original is there. */
  readonly picture?: { readonly original: Original; readonly source: RenditionSource }
}

/** A manifest as it stands: nothing was bought, made or waited for. */
export interface InspectedManifest {
  readonly manifest: Manifest
  /** The manifest's own images, in its order. */
  readonly images: readonly InspectedImage[]
  /** Absolute paths: the manifest, what it extends, reference files. */
  readonly watchFiles: readonly string[]
}

/** The originals that are there. */
export function originalsOf({ images }: InspectedManifest): ReadonlyMap<ImageKey, Original> {
  return new Map(
    images.flatMap(({ planned: { id }, picture }) =>
      picture ? [[imageKey(id), picture.original] as const] : [],
    ),
  )
}

export interface InspectContext {
  readonly options: ResolvedOptions
  readonly manifests: ManifestReader
  readonly planner: Planner
  /** What the planner was told, by key. */
  readonly looks: ReadonlyMap<Key, OriginalState>
}

/** @throws ManifestError, ReferenceGraphError */
export async function inspectManifest(
  file: string,
  { options, manifests, planner, looks }: InspectContext,
): Promise<InspectedManifest> {
  const manifest = await manifests.read(file)
  const plan = await planner.plan(manifest.images)
  const planned = new Map(plan.images.map(image => [imageKey(image.id), image]))
  const images = manifest.images.flatMap(({ id }) => planned.get(imageKey(id)) ?? [])
  const [inspected, watchFiles] = await Promise.all([
    Promise.all(images.map(image => inspectImage(image, looks, manifests.find))),
    watchFilesOf(manifest.path, options.root, manifests),
  ])
  return { manifest, images: inspected, watchFiles }
}

async function inspectImage(
  planned: PlannedImage,
  looks: ReadonlyMap<Key, OriginalState>,
  find: FindImage,
): Promise<InspectedImage> {
  const look = planned.key === undefined ? undefined : looks.get(planned.key)
  if (!look) return { planned }
  if (look.state !== 'ready') return { planned, look }
  const { original } = look
  const source = await sourceOf(planned.image, original, find)
  return { planned, look, picture: { original, source } }
}
