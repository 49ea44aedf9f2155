import { ImagegenError } from './imagegen-error.ts'

/** References form a cycle, or lead to an image that does not exist or whose manifest is faulty. */
export class ReferenceGraphError extends ImagegenError {
  readonly code = 'REFERENCE_GRAPH_INVALID'
}
