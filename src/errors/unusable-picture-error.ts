import { ImagegenError } from './imagegen-error.ts'

/** Bytes are no raster picture, are not whole, or have more pixels than are allowed. */
export class UnusablePictureError extends ImagegenError {
  readonly code = 'PICTURE_UNUSABLE'
}
