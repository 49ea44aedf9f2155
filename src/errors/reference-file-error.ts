import { ImagegenError } from './imagegen-error.ts'

/** A reference is missing, not a regular file, outside the project, too large, or not a picture. */
export class ReferenceFileError extends ImagegenError {
  readonly code = 'REFERENCE_INVALID'
}
