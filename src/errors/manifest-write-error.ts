import { ImagegenError } from './imagegen-error.ts'

/** A manifest was to be edited and is as it was before: it changed meanwhile, or cannot be written. */
export class ManifestWriteError extends ImagegenError {
  readonly code = 'MANIFEST_NOT_WRITTEN'
}
