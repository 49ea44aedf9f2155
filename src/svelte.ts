/**
 * `<Picture>` for Svelte 4 and 5.
 * @module
 */
export {
  SveltePicture as Picture,
  type SveltePictureProps as PictureProps,
} from './picture/frameworks/svelte-picture.ts'
