import { ImagegenError } from './imagegen-error.ts'

/** The size of a picture differs from the request, and `onSizeMismatch` is `error`. The original is kept. */
export class SizeMismatchError extends ImagegenError {
  readonly code = 'SIZE_MISMATCH'
}
