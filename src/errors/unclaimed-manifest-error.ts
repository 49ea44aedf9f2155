import { ImagegenError } from './imagegen-error.ts'

/** A manifest is imported, but no instance of the plugin handles it. No other loader gets its text. */
export class UnclaimedManifestError extends ImagegenError {
  readonly code = 'MANIFEST_UNCLAIMED'
}
