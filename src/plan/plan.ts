import type { ReferenceFileError } from '../errors/reference-file-error.ts'
import type { ImageId } from '../manifest/image-id.ts'
import type { ManifestImage } from '../manifest/manifest.ts'
import type { Endpoint, ImageRequest, Key } from './image-request.ts'

export type PlannedState =
  | 'ready'
  | 'missing'
  | 'uncertain'
  | 'corrupt'
  | 'unusable'
  | 'refused'
  | 'newer'

/** One image of a plan. */
export interface PlannedImage {
  readonly id: ImageId
  readonly image: ManifestImage
  readonly endpoint: Endpoint
  readonly state: PlannedState
  /** Of one that is `ready`: it was on this machine, or was just copied from the shared store. */
  readonly where?: 'local' | 'shared'
  /** Absent while a referenced image is missing: its content is part of the key. */
  readonly key?: Key
  readonly request?: ImageRequest
  /** Where 0.1.0 may have kept its picture, when that is another key: needed like `key` itself. */
  readonly earlierKey?: Key
  /** Images that must be made first. */
  readonly dependsOn: readonly ImageId[]
  /** For people: why it is not `ready`. */
  readonly reason?: string
  /** Set when it cannot be made at all: a reference of its own is not usable. */
  readonly problem?: ReferenceFileError
}

/** Every selected image and what it refers to, in an order in which each comes after its references. */
export interface Plan {
  readonly images: readonly PlannedImage[]
}
