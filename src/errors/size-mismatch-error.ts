import { ImagegenError } from './imagegen-error.ts'

/** A picture has other dimensions than were asked for, and `onSizeMismatch` is `error`. The original is kept. */
export class SizeMismatchError extends ImagegenError {
  readonly code = 'SIZE_MISMATCH'
}
