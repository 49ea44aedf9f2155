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
  /** The provider that is asked, by its name in the options; absent: the one of `provider`. */
  readonly provider?: string
  readonly references: readonly ReferencePicture[]
  readonly mask?: ReferencePicture
}

/** What a request takes from the provider that is asked. */
export interface RequestProvider {
  /** The model for images that name none. */
  readonly model: string
  /** Of a provider of one's own: the name that belongs to keys. */
  readonly keyName?: string
}

/** The pictures that go with a request. */
export interface SentPictures {
  readonly references: readonly ReferencePicture[]
  readonly mask?: ReferencePicture
}

/** Turns an image and its pictures into the request that is sent for it. */
export function prepareRequest(
  image: ManifestImage,
  { references, mask }: SentPictures,
  { model, keyName }: RequestProvider,
): PreparedRequest {
  const request: ImageRequest = {
    endpoint: references.length > 0 ? 'edits' : 'generations',
    ...(keyName !== undefined && { provider: keyName }),
    model: image.model ?? model,
    prompt: image.prompt,
    size: image.size,
    params: image.params,
    revision: image.revision,
    references: references.map(reference => reference.digest),
    ...(mask && { mask: mask.digest }),
  }
  const { earlier, provider } = image
  return {
    key: requestKey(request),
    request,
    ...(earlier && { earlierKey: requestKey({ ...request, ...earlier }) }),
    references,
    ...(provider !== undefined && { provider }),
    ...(mask && { mask }),
  }
}
