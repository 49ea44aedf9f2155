import { ImagegenError } from './imagegen-error.ts'

/** Originals are missing, and the mode does not allow requests. */
export class MissingOriginalsError extends ImagegenError {
  readonly code = 'ORIGINALS_MISSING'
}
