import { ImagegenError } from './imagegen-error.ts'

/** The text of a manifest, prompts included, is about to be published. */
export class PublishedManifestError extends ImagegenError {
  readonly code = 'MANIFEST_PUBLISHED'
}
