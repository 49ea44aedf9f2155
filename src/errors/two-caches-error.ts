import { ImagegenError } from './imagegen-error.ts'

/** Another cache holds originals that the one in use lacks: a request might generate one of them again. */
export class TwoCachesError extends ImagegenError {
  readonly code = 'TWO_CACHES'
}
