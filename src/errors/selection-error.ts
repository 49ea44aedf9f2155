import { ImagegenError } from './imagegen-error.ts'

/** A selection names a manifest or an image that does not exist. */
export class SelectionError extends ImagegenError {
  readonly code = 'SELECTION_UNKNOWN'
}
