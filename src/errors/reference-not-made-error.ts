import { ImagegenError } from './imagegen-error.ts'

/** An image was skipped: it depends on one that failed. */
export class ReferenceNotMadeError extends ImagegenError {
  readonly code = 'REFERENCE_NOT_MADE'
}
