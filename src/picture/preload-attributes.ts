import type { ImageAsset, ImageSource } from '../module/image-asset.ts'
import { checkAsset } from './check-asset.ts'
import { sizesFor } from './picture-attributes.ts'

/** Attributes of a `<link>`, by their names in HTML. */
export interface PreloadAttributes {
  readonly rel: 'preload'
  readonly as: 'image'
  readonly fetchpriority: 'high'
  readonly type: string
  readonly media?: string
  readonly imagesizes?: string
  readonly imagesrcset?: string
  readonly href?: string
}

/**
 * The `<link>`s that load the largest picture of a page before its markup is read: one, and with
 * art direction one for each media query, of which one matches at a time. Each names the best
 * format; a browser that does not know it ignores the link. Pure.
 * @throws TypeError where `asset` is not an image of a manifest
 */
export function preloadAttributes(
  asset: ImageAsset,
  { sizes }: { readonly sizes?: string | undefined } = {},
): readonly PreloadAttributes[] {
  checkAsset(asset, asset?.alt)
  const earlier: string[] = []
  return bestSources(asset).map(({ type, srcset, media }) => {
    const conditions = [...earlier.map(one => `(not (${one}))`), ...(media ? [media] : [])]
    if (media) earlier.push(media)
    const chosen = sizesFor(srcset, sizes).sizes
    return {
      rel: 'preload',
      as: 'image',
      fetchpriority: 'high',
      type,
      ...(conditions.length > 0 && { media: conditions.join(' and ') }),
      ...(chosen && { imagesizes: chosen }),
      ...(srcset ? { imagesrcset: srcset } : { href: asset.src }),
    }
  })
}

interface Preloaded extends Omit<ImageSource, 'srcset'> {
  readonly srcset: string | undefined
}

/** The first source of each media query, then the one that needs none. */
function bestSources({ sources = [], type, srcset }: ImageAsset): readonly Preloaded[] {
  const best = new Map<string | undefined, Preloaded>()
  for (const source of sources) {
    if (!best.has(source.media)) best.set(source.media, source)
  }
  const always = best.get(undefined) ?? { type, srcset }
  best.delete(undefined)
  return [...best.values(), always]
}
