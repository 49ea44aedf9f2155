import type { ImageAsset } from '../../module/image-asset.ts'

/** What Astro hands to an image service: options of `<Image>` and `getImage()`. */
export type ImageOptions = Readonly<Record<string, unknown>>

/** Options of a service that mean nothing to an `<img>`. */
export const OF_SERVICE: ReadonlySet<string> = new Set(
  `src width height format formats quality densities widths layout priority fit position background
  inferSize fallbackFormat pictureAttributes index`.split(/\s+/),
)

/** Whether it is an image of a manifest. Pictures that Astro imports itself have no type. */
export function isAsset(value: unknown): value is ImageAsset {
  const { src, type, format } = Object(value)
  return typeof src === 'string' && typeof format === 'string' && String(type).startsWith('image/')
}
