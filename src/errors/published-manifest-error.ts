import { ImagegenError } from './imagegen-error.ts'

/** A build is about to publish the text of a manifest, prompts included. */
export class PublishedManifestError extends ImagegenError {
  readonly code = 'MANIFEST_PUBLISHED'
}
