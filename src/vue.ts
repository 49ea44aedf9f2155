/**
 * `<Picture>` for Vue 3.
 * @module
 */
export {
  VuePicture as Picture,
  type VuePictureProps as PictureProps,
} from './picture/frameworks/vue-picture.ts'
