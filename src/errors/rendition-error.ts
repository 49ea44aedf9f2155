import { ImagegenError } from './imagegen-error.ts'

/** A rendition or placeholder could not be made from its original, or could not be written. */
export class RenditionError extends ImagegenError {
  readonly code = 'RENDITION_FAILED'
}
