import type { ImageAsset } from '../module/image-asset.ts'
import type { DescribedAsset } from './described-asset.ts'
import { pictureAttributes } from './picture-attributes.ts'
import type { PictureOptions } from './picture-options.ts'

type AttributeValue = string | number | boolean | null | undefined

/** Props of {@link picture}: its own, and attributes of the `<img>` by their names in HTML. */
export interface HtmlPictureProps extends PictureOptions {
  readonly alt?: string | undefined
  readonly style?: string | undefined
  readonly [attribute: string]: AttributeValue
}

/**
 * The markup of a `<picture>` that shows an image of a manifest, as a string.
 * @throws TypeError where `asset` is not an image of a manifest, or a name is not one of an attribute
 * @example
 * ```ts
 * import { picture } from 'unplugin-imagegen/html'
 * import { hero } from './site.image.yaml'
 *
 * document.querySelector('main').innerHTML = picture(hero, { sizes: '50vw', class: 'wide' })
 * ```
 */
export function picture(asset: DescribedAsset, props?: HtmlPictureProps): string
export function picture(
  asset: ImageAsset,
  props: HtmlPictureProps & { readonly alt: string },
): string
export function picture(asset: ImageAsset, props: HtmlPictureProps = {}): string {
  const { sizes, alt, priority, placeholder, style, ...rest } = props
  const { sources, img, background } = pictureAttributes(asset, props)
  const styles = [background && `background:${background}`, style].filter(Boolean).join(';')
  return `<picture>${sources.map(source => `<source${renderAttributes({ ...source })}>`).join('')}<img${renderAttributes({ ...img, ...rest, style: styles || undefined })}></picture>`
}

function renderAttributes(attributes: Readonly<Record<string, AttributeValue>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => renderAttribute(name, value))
    .join('')
}

function renderAttribute(name: string, value: AttributeValue): string {
  if (/[\s"'<>/=\p{Cc}]/u.test(name) || name === '') {
    throw new TypeError(`${JSON.stringify(name)} is not a valid attribute name for <img>.`)
  }
  if (value === undefined || value === null) return ''
  if (typeof value === 'boolean' && !/^(?:aria|data)-/.test(name)) return value ? ` ${name}=""` : ''
  return ` ${name}="${escapeAttribute(String(value))}"`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, character => ENTITIES[character] ?? character)
}
