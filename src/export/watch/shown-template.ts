import path from 'node:path'
import type { DevManifest } from '../../dev/images/dev-manifest.ts'
import { type ImageKey, imageKey } from '../../manifest/image-id.ts'
import type { ImagePicture } from '../../pipeline/pictures/image-picture.ts'
import type { InternalPipeline } from '../../pipeline/pipeline.ts'
import { resolveModule } from '../../pipeline/resolve-module.ts'
import type { FindImage } from '../../plan/order-by-references.ts'
import { projectPath } from '../../system/project-path.ts'
import type { ExportedManifest } from '../plan/plan-export.ts'

/** A manifest with the pictures that are shown now: current ones, earlier ones, and drafts. */
export async function templateOfShown(
  { file, manifest, images }: DevManifest,
  pipeline: InternalPipeline,
  warn: (message: string) => void,
): Promise<ExportedManifest> {
  const { options, originals, renditions } = pipeline
  const pictures = new Map<ImageKey, ImagePicture>()
  for (const { planned, live } of images) {
    if (live.shown.kind === 'picture') pictures.set(imageKey(planned.id), live.shown)
  }
  const find: FindImage = async id => {
    const isOwn = id.manifest === manifest.path
    const other = isOwn ? manifest : await pipeline.manifest(path.join(options.root, id.manifest))
    return other.images.find(image => image.id.name === id.name)
  }
  const context = { options, originals, renditions, find, warn }
  const template = await resolveModule(manifest, pictures, context)
  return { path: projectPath(options.root, file), template }
}

/** How many images have no current picture. */
export function countWaiting(manifests: readonly DevManifest[]): number {
  const images = manifests.flatMap(manifest => manifest.images)
  return images.filter(({ live: { shown } }) => !(shown.kind === 'picture' && shown.current)).length
}
