import type { ImageId } from '../../manifest/image-id.ts'

/** Which images: everything, or a manifest's, or single ones. What they refer to comes along. */
export interface Selection {
  /** Absolute paths; absent: every manifest that `include` and `exclude` select. */
  readonly manifests?: readonly string[]
  /** Narrows `manifests` down to these; one with a `revision` means that instead of the manifest's. */
  readonly images?: readonly ImageId[]
  /** This revision of the selected images instead of the manifest's; not of what they refer to. */
  readonly revision?: number
  /** Overrides `retry.uncertain`. */
  readonly uncertain?: 'retry' | 'stop'
  /**
   * Request the selected images although an earlier answer was no usable picture; not what they
   * refer to.
   * @default false
   */
  readonly again?: boolean
  /** How many images this run may request, in place of `budget.images`. */
  readonly budget?: number
}
