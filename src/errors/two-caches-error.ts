import { ImagegenError } from './imagegen-error.ts'

/** A cache that does not count holds originals that the one in use lacks: a request might be for one of them. */
export class TwoCachesError extends ImagegenError {
  readonly code = 'TWO_CACHES'
}
