import { ImagegenError } from './imagegen-error.ts'

/** An edit left a manifest as it was: the file changed meanwhile, or cannot be written. */
export class ManifestWriteError extends ImagegenError {
  readonly code = 'MANIFEST_NOT_WRITTEN'
}
