import type { ManifestImage } from '../manifest/manifest.ts'
import type { ImageRequest, Key } from './image-request.ts'
import type { ReferencePicture } from './reference-picture.ts'
import { requestKey } from './request-key.ts'

/** A request, and everything needed to send it. */
export interface PreparedRequest {
  readonly key: Key
  readonly request: ImageRequest
  /** The key that 0.1.0 gave the same text, if it is another one. A picture there is adopted. */
  readonly earlierKey?: Key
  readonly references: readonly ReferencePicture[]
}

/** Turns an image and its reference pictures into the request that is sent for it. */
export function prepareRequest(
  image: ManifestImage,
  references: readonly ReferencePicture[],
  defaultModel: string,
): PreparedRequest {
  const request: ImageRequest = {
    endpoint: references.length > 0 ? 'edits' : 'generations',
    model: image.model ?? defaultModel,
    prompt: image.prompt,
    size: image.size,
    params: image.params,
    revision: image.revision,
    references: references.map(reference => reference.digest),
  }
  const { earlier } = image
  return {
    key: requestKey(request),
    request,
    ...(earlier && { earlierKey: requestKey({ ...request, ...earlier }) }),
    references,
  }
}
