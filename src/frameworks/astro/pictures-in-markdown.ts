import type { ImageAsset } from '../../module/image-asset.ts'
import { picture } from '../../picture/render-html.ts'
import { type ImageOptions, isAsset, OF_SERVICE } from './astro-asset.ts'

/** The `<picture>` that takes an `<img>`'s place, encoded so that it fits into any attribute. */
const MARK = 'data-imagegen-picture'

/** Whether Markdown shows the image: its module says so. */
export function isInMarkdown(asset: ImageAsset): boolean {
  return Object(asset).inMarkdown === true
}

/**
 * An attribute of the `<img>` that Astro makes of a Markdown picture, for {@link showPictures}.
 * Without a text of its own the picture has the manifest's.
 * @param attributes of the `<img>`
 */
export function markForMarkdown(asset: ImageAsset, attributes: ImageOptions): ImageOptions {
  const given = Object.entries(attributes).map(([name, value]) => [name, textOf(value)])
  const { alt, ...others } = Object.fromEntries(given)
  const html = picture(asset, { ...others, alt: alt || (asset.alt ?? '') })
  return { [MARK]: encodeURIComponent(html) }
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value)
}

const MARKED = new RegExp(
  `<img\\b(?:[^<>"']|"[^"]*"|'[^']*')*\\s${MARK}="([^"]*)"(?:[^<>"']|"[^"]*"|'[^']*')*>`,
  'g',
)

/** Puts `<picture>` in the place of every marked `<img>`. */
export function showPictures(html: unknown): unknown {
  if (html instanceof Promise) return html.then(showPictures)
  if (typeof html !== 'string' || !html.includes(MARK)) return html
  return html.replace(MARKED, (_, encoded: string) => decodeURIComponent(encoded))
}

/**
 * What `Picture.astro` gets where MDX shows an image of a manifest.
 * @param props of `<Image>`
 * @returns undefined for other pictures, and where options of Astro's say how to show it
 */
export function pictureProps(props: ImageOptions): ImageOptions | undefined {
  const { src, alt } = props
  const isPlain = Object.keys(props).every(name => name === 'src' || !OF_SERVICE.has(name))
  if (!isAsset(src) || !isPlain) return undefined
  return { ...props, alt: alt || (src.alt ?? '') }
}
