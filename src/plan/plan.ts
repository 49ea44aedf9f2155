import type { ReferenceFileError } from '../errors/reference-file-error.ts'
import type { ReferenceGraphError } from '../errors/reference-graph-error.ts'
import type { SourceFileError } from '../errors/source-file-error.ts'
import type { ImageId } from '../manifest/image-id.ts'
import type { ManifestImage } from '../manifest/manifest.ts'
import type { Endpoint, ImageRequest, Key } from './image-request.ts'
import type { KeyState, StateOf } from './image-state.ts'
import type { SourcePicture } from './source-picture.ts'

/** What a plan can say of an image. */
export type PlannedState = KeyState | StateOf<'blocked' | 'failed'>

/** One image of a plan. */
export interface PlannedImage {
  readonly id: ImageId
  readonly image: ManifestImage
  readonly endpoint: Endpoint
  /** `failed`: it cannot be made, because a file or manifest that it refers to is not usable. */
  readonly status: PlannedState
  /** Absent while a referenced image is missing: its content is part of the key. */
  readonly key?: Key
  readonly request?: ImageRequest
  /** Where 0.1.0 may have kept its picture, if under another key. Its original is needed too. */
  readonly earlierKey?: Key
  /** Images that must be made first. */
  readonly dependsOn: readonly ImageId[]
  /** Set when it is `failed`. */
  readonly error?: ReferenceFileError | ReferenceGraphError | SourceFileError
  /** Of a source image that is there: it has no request, and no key. */
  readonly source?: SourcePicture
  /** Of the prompt in whose place a source stands: its original is kept. */
  readonly promptKey?: Key
}

/** Every selected image and what it refers to, each after its references. */
export interface Plan {
  readonly images: readonly PlannedImage[]
}
