/**
 * Pictures as strings of HTML, and the attributes that a component of one's own needs.
 * @module
 */

export type {
  IconLink,
  ImageAsset,
  ImageSource,
  ManifestIcon,
  NamedImageFile,
} from './module/image-asset.ts'
export type { DescribedAsset } from './picture/described-asset.ts'
export { dropPlaceholder } from './picture/drop-placeholder.ts'
export {
  type AttributeOptions,
  type ImgAttributes,
  type PictureAttributes,
  pictureAttributes,
  type SourceAttributes,
} from './picture/picture-attributes.ts'
export type { PictureContent, PictureOptions } from './picture/picture-options.ts'
export { type PreloadAttributes, preloadAttributes } from './picture/preload-attributes.ts'
export { type HtmlPictureProps as PictureProps, picture } from './picture/render-html.ts'
