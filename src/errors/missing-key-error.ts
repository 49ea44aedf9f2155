import { ImagegenError } from './imagegen-error.ts'

/** Originals are missing, and there is no API key to request them with. */
export class MissingKeyError extends ImagegenError {
  readonly code = 'API_KEY_MISSING'
}
