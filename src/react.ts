/**
 * `<Picture>` for React 18 and 19, in client and server components.
 * @module
 */
export {
  ReactPicture as Picture,
  type ReactPictureProps as PictureProps,
} from './picture/frameworks/react-picture.ts'
