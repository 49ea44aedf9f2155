import { ImagegenError } from './imagegen-error.ts'

/** An original on disk differs from its entry. It is in quarantine, and is not generated again on its own. */
export class CorruptOriginalError extends ImagegenError {
  readonly code = 'ORIGINAL_CORRUPT'
}
