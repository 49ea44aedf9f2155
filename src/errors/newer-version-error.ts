import { ImagegenError } from './imagegen-error.ts'

/** A file of the cache or the shared store was written by a newer version, which has to read it. It is left as it is. */
export class NewerVersionError extends ImagegenError {
  readonly code = 'NEEDS_NEWER_VERSION'
}
