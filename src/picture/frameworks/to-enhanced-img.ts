import type { ImageAsset } from '../../module/image-asset.ts'
import { checkAsset } from '../check-asset.ts'

/** What `<enhanced:img>` of `@sveltejs/enhanced-img` takes as its `src`. */
export interface EnhancedImg {
  /** `srcset`s by format, best first. */
  sources: Record<string, string>
  img: { src: string; w: number; h: number }
}

/**
 * An image of a manifest for `<enhanced:img>`, which shows its formats and widths. `<Picture>` shows
 * placeholders and the pictures of other media queries as well.
 * @throws TypeError for a `src` that is not an image of a manifest
 * @example
 * ```svelte
 * <enhanced:img src={toEnhancedImg(hero)} alt={hero.alt} />
 * ```
 */
export function toEnhancedImg(asset: ImageAsset): EnhancedImg {
  checkAsset(asset, asset?.alt)
  const { src, width, height, srcset, type } = asset
  const plain = (asset.sources ?? []).filter(({ media }) => media === undefined)
  const all = srcset === undefined ? plain : [...plain, { type, srcset }]
  const sources = all.map(source => [source.type.replace('image/', ''), source.srcset])
  return { sources: Object.fromEntries(sources), img: { src, w: width, h: height } }
}
