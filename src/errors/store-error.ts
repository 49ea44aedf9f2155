import { ImagegenError } from './imagegen-error.ts'

/** A store could not be read or written. This never counts as a missing original. */
export class StoreError extends ImagegenError {
  readonly code = 'STORE_UNAVAILABLE'
}
