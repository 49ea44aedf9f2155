import { ImagegenError } from './imagegen-error.ts'

/** Bytes are not a raster picture, are incomplete, or have more pixels than allowed. */
export class UnusablePictureError extends ImagegenError {
  readonly code = 'PICTURE_UNUSABLE'
}
