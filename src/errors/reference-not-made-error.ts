import { ImagegenError } from './imagegen-error.ts'

/** An image was left out because one that it refers to could not be made. */
export class ReferenceNotMadeError extends ImagegenError {
  readonly code = 'REFERENCE_NOT_MADE'
}
