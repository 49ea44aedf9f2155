import { ImagegenError } from './imagegen-error.ts'

/**
 * Nothing was sent for this image, because the whole run was stopped. `cause` is why, and the
 * same for every image that was left.
 */
export class RunStoppedError extends ImagegenError {
  readonly code = 'RUN_STOPPED'
}
