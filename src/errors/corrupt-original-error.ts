import { ImagegenError } from './imagegen-error.ts'

/** An original on disk is not what its entry says. It was put into quarantine; it is not bought again on its own. */
export class CorruptOriginalError extends ImagegenError {
  readonly code = 'ORIGINAL_CORRUPT'
}
