import { ImagegenError } from './imagegen-error.ts'

/** The file of a source image is missing, not a regular file, outside the project, too large, or not a picture. */
export class SourceFileError extends ImagegenError {
  readonly code = 'SOURCE_INVALID'
}
