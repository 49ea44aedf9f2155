import type { ImageAsset, ImageSource } from '../module/image-asset.ts'
import { checkAsset } from './check-asset.ts'
import type { PictureOptions } from './picture-options.ts'
import { placeholderBackground } from './placeholder-background.ts'

export interface AttributeOptions extends PictureOptions {
  readonly alt?: string | undefined
  /** The style of the `<img>`, which tells whether the picture covers its placeholder. */
  readonly style?: unknown
}

/** Attributes of a `<source>`, by their names in HTML. */
export interface SourceAttributes {
  readonly media?: string
  readonly type: string
  readonly sizes?: string
  readonly srcset: string
  readonly width?: number
  readonly height?: number
}

/** Attributes of the `<img>`, by their names in HTML. */
export interface ImgAttributes {
  readonly alt?: string
  readonly width: number
  readonly height: number
  readonly loading: 'eager' | 'lazy'
  readonly decoding: 'async'
  readonly fetchpriority?: 'high'
  readonly 'data-thumbhash'?: string
  readonly sizes?: string
  readonly srcset?: string
  readonly src: string
}

export interface PictureAttributes {
  /** One for each `<source>`, in this order. */
  readonly sources: readonly SourceAttributes[]
  /** In the order in which a script should set them: what decides about loading comes first. */
  readonly img: ImgAttributes
  /** The CSS `background` of the `<img>` until it has loaded; absent when there is nothing to show. */
  readonly background?: string
}

/**
 * The attributes with which a `<picture>` shows an image well. Pure.
 * @throws TypeError where `asset` is not an image of a manifest
 */
export function pictureAttributes(
  asset: ImageAsset,
  options: AttributeOptions = {},
): PictureAttributes {
  const { alt = asset?.alt, priority, placeholder = true, sizes } = options
  checkAsset(asset, alt)
  const { width, height, srcset, src } = asset
  const thumbhash = placeholder ? asset.placeholder?.thumbhash : undefined
  const background = placeholder ? placeholderBackground(asset, options.style) : undefined
  return {
    sources: neededSources(asset).map(source => sourceAttributes(source, sizes)),
    img: {
      ...(alt !== undefined && { alt }),
      width,
      height,
      loading: priority ? 'eager' : 'lazy',
      decoding: 'async',
      ...(priority && { fetchpriority: 'high' }),
      ...(thumbhash && { 'data-thumbhash': thumbhash }),
      ...sizesFor(srcset, sizes),
      ...(srcset && { srcset }),
      src,
    },
    ...(background && { background }),
  }
}

/** Every browser reads the format of the fallback: the `<img>` has its files already. */
function neededSources({ sources = [], type }: ImageAsset): readonly ImageSource[] {
  return sources.filter(source => source.media || source.type !== type)
}

function sourceAttributes(source: ImageSource, sizes: string | undefined): SourceAttributes {
  const { media, type, srcset, width, height } = source
  return {
    ...(media && { media }),
    type,
    ...sizesFor(srcset, sizes),
    srcset,
    ...(width && { width }),
    ...(height && { height }),
  }
}

/** HTML wants no `sizes` where files are chosen by density, or where there is only one. */
export function sizesFor(
  srcset: string | undefined,
  sizes: string | undefined,
): { readonly sizes?: string } {
  return sizes && srcset && /\s\d+w(?:,|$)/.test(srcset) ? { sizes } : {}
}
