import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { DevImages } from '../../../dev/dev-images.ts'
import type { DevImage, DevManifest } from '../../../dev/images/dev-manifest.ts'
import { formatImageId, type ImageId } from '../../../manifest/image-id.ts'
import { sha256 } from '../../../system/digest.ts'
import { exists } from '../../../system/files/present-file.ts'
import { ActionRefusedError } from './action-refused-error.ts'

/** An image that the page named. */
export interface OpenImage {
  /** Absolute path of its manifest. */
  readonly file: string
  readonly manifest: DevManifest
  readonly image: DevImage
}

/** @throws ActionRefusedError when there is none, or a file that `include` does not select */
export async function openImage(id: ImageId, images: DevImages): Promise<OpenImage> {
  const { pipeline } = images
  const file = path.join(pipeline.options.root, id.manifest)
  // The page names a file, and must not reach others than manifests.
  if (!(await isManifest(file, images))) throw unknownImage(id)
  const manifest = await images.inspect(file)
  const image = manifest.images.find(({ planned }) => planned.id.name === id.name)
  if (!image) throw unknownImage(id)
  return { file, manifest, image }
}

/** Searches the project only for what the server does not know: that takes longer with every file. */
async function isManifest(file: string, { pipeline, manifests }: DevImages): Promise<boolean> {
  const isKnown = manifests().some(known => known.file === file) && pipeline.selects(file)
  return isKnown ? exists(file) : (await pipeline.discover()).includes(file)
}

export function unknownImage(id: ImageId): ActionRefusedError {
  return new ActionRefusedError(
    `There is no image ${formatImageId(id)} any more. Reload the gallery.`,
  )
}

/** The text of a manifest, and what tells it from others. */
export interface ReadText {
  readonly text: string
  readonly digest: string
}

export async function readManifestText(file: string): Promise<ReadText> {
  const text = await readFile(file, 'utf8')
  return { text, digest: sha256(text) }
}
