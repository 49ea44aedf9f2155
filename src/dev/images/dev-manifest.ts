import type { ImageId } from '../../manifest/image-id.ts'
import type { InspectedImage, InspectedManifest } from '../../pipeline/inspect.ts'
import { filesIn } from '../../renditions/plan-renditions.ts'
import { type LiveImage, livePictures } from './live-image.ts'

/** One image of a manifest that the server knows. */
export interface DevImage extends InspectedImage {
  readonly live: LiveImage
  /** Rises with every change of what pages show, across restarts of the server too. */
  readonly version: number
}

export interface DevManifest extends Omit<InspectedManifest, 'images'> {
  /** Absolute path. */
  readonly file: string
  readonly images: readonly DevImage[]
}

export type DevEvent =
  /** Pages show these images differently from now on. */
  | { readonly type: 'shown'; readonly manifest: DevManifest; readonly images: readonly DevImage[] }
  /** The manifest exports other names than before. */
  | { readonly type: 'reshaped'; readonly manifest: DevManifest }
  /** The file is gone. */
  | { readonly type: 'removed'; readonly manifest: DevManifest }
  | { readonly type: 'fault'; readonly file: string; readonly error: Error }
  | { readonly type: 'mended'; readonly file: string }
  /** Something about an image changed, if only how far its generation has come. */
  | { readonly type: 'status'; readonly image: ImageId }
  | { readonly type: 'warning'; readonly message: string }

/** Whether nothing is known of its picture, so that a request can bring it. */
export function isMissing({ planned: { status } }: Pick<DevImage, 'planned'>): boolean {
  return status.state === 'missing' || status.state === 'blocked'
}

export function sameId(a: ImageId, b: ImageId): boolean {
  return a.name === b.name && a.manifest === b.manifest && a.revision === b.revision
}

/** Everything that code can see of an image: another appearance makes another version. */
export function appearance(live: LiveImage): string {
  const { alt, output } = live.shown.image
  const pictures = livePictures(live).map(({ plan, placeholder, alpha = false, files }) => {
    const identifiers = [...files.values()].map(({ identifier }) => identifier)
    const sizes = filesIn(plan).map(({ width, height, named }) => [width, height, named])
    return [identifiers, sizes, placeholder, alpha]
  })
  const places = live.variants.map(({ name, media }) => [name, media])
  return JSON.stringify([pictures, places, alt, output.file])
}

export function shapeOf({ manifest: { single }, images }: DevManifest): string {
  const names = images.map(({ planned: { image } }) => [image.id.name, image.exportName])
  return JSON.stringify([single, names])
}
