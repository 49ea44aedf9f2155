import { ImagegenError } from './imagegen-error.ts'

/** An image was left out because one that it refers to failed. */
export class ReferenceNotMadeError extends ImagegenError {
  readonly code = 'REFERENCE_NOT_MADE'
}
