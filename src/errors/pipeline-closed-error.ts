import { ImagegenError } from './imagegen-error.ts'

/** The pipeline was closed before this call. Open another one. */
export class PipelineClosedError extends ImagegenError {
  readonly code = 'PIPELINE_CLOSED'

  constructor(message = 'The pipeline is closed. Open another one.') {
    super(message)
  }
}
