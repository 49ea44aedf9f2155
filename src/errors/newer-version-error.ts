import { ImagegenError } from './imagegen-error.ts'

/** A newer version wrote a file of the cache or the shared store. This version cannot read it, and leaves it as it is. */
export class NewerVersionError extends ImagegenError {
  readonly code = 'NEEDS_NEWER_VERSION'
}
