/**
 * `<Picture>` for Svelte 4 and 5, and images for `<enhanced:img>`.
 * @module
 */
export {
  SveltePicture as Picture,
  type SveltePictureProps as PictureProps,
} from './picture/frameworks/svelte-picture.ts'
export { type EnhancedImg, toEnhancedImg } from './picture/frameworks/to-enhanced-img.ts'
