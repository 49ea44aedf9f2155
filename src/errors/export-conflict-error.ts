import { ImagegenError } from './imagegen-error.ts'

/** An export would overwrite what no export wrote, or write two files under one name. */
export class ExportConflictError extends ImagegenError {
  readonly code = 'EXPORT_CONFLICT'
}
