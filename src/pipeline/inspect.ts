import type { ResolvedOptions } from '../config/options.ts'
import { type ImageId, imageKey } from '../manifest/image-id.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Original } from '../originals/original.ts'
import type { Key } from '../plan/image-request.ts'
import type { PlannedImage } from '../plan/plan.ts'
import type { Planner } from '../plan/planner.ts'
import {
  type ImagePicture,
  type ImagePictures,
  originalPicture,
  sourcePicture,
} from './pictures/image-picture.ts'
import type { SourceContext } from './pictures/source-of.ts'
import type { ManifestReader } from './project/read-images.ts'
import { watchFilesOf } from './watch-files.ts'

/** One image of a manifest, as it stands. */
export interface InspectedImage {
  readonly planned: PlannedImage
  /** Set when it is there. */
  readonly picture?: ImagePicture
}

/** A manifest as it stands, without requesting, making or waiting for anything. */
export interface InspectedManifest {
  readonly manifest: Manifest
  /** The manifest's own images, in its order. */
  readonly images: readonly InspectedImage[]
  /** Absolute paths of the manifest, of those that it extends, and of reference files. */
  readonly watchFiles: readonly string[]
}

/** The pictures that are there. */
export function picturesIn({ images }: InspectedManifest): ImagePictures {
  return new Map(
    images.flatMap(({ planned: { id }, picture }) =>
      picture ? [[imageKey(id), picture] as const] : [],
    ),
  )
}

export interface InspectContext {
  readonly options: ResolvedOptions
  readonly manifests: ManifestReader
  readonly planner: Planner
  /** The originals that the planner found, by key. */
  readonly known: ReadonlyMap<Key, Original>
}

/** @throws ManifestError, ReferenceGraphError */
export async function inspectManifest(
  file: string,
  { options, manifests, planner, known }: InspectContext,
): Promise<InspectedManifest> {
  const manifest = await manifests.read(file)
  const plan = await planner.plan(manifest.images)
  const planned = new Map(plan.images.map(image => [imageKey(image.id), image]))
  const originalOf = (id: ImageId) => {
    const key = planned.get(imageKey(id))?.key
    return key === undefined ? undefined : known.get(key)
  }
  const images = manifest.images.flatMap(({ id }) => planned.get(imageKey(id)) ?? [])
  const [inspected, watchFiles] = await Promise.all([
    Promise.all(images.map(image => inspectImage(image, { find: manifests.find, originalOf }))),
    watchFilesOf(manifest.path, options.root, manifests),
  ])
  return { manifest, images: inspected, watchFiles }
}

async function inspectImage(
  planned: PlannedImage,
  context: SourceContext,
): Promise<InspectedImage> {
  if (planned.source) return { planned, picture: sourcePicture(planned.source) }
  const original = context.originalOf(planned.id)
  if (!original) return { planned }
  return { planned, picture: await originalPicture(planned.image, original, context) }
}
