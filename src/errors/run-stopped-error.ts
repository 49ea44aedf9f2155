import { ImagegenError } from './imagegen-error.ts'

/**
 * The run stopped before it sent a request for this image. `cause` says why; all images that were
 * left share it.
 */
export class RunStoppedError extends ImagegenError {
  readonly code = 'RUN_STOPPED'
}
