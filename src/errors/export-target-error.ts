import { ImagegenError } from './imagegen-error.ts'

/** An export cannot go where it was told to: another folder, path or file name is needed. */
export class ExportTargetError extends ImagegenError {
  readonly code = 'EXPORT_TARGET_INVALID'
}
