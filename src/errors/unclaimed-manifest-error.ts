import { ImagegenError } from './imagegen-error.ts'

/** A manifest is imported, and no instance of the plugin takes it. Its text goes to no other loader. */
export class UnclaimedManifestError extends ImagegenError {
  readonly code = 'MANIFEST_UNCLAIMED'
}
