import path from 'node:path'
import type { ImageId } from '../../manifest/image-id.ts'
import { projectPath } from '../../system/project-path.ts'

/**
 * Which images: everything, or a manifest's, or single ones. What they refer to comes along. Paths
 * are absolute, or relative to the root.
 */
export interface Selection {
  /** Absent: every manifest that `include` and `exclude` select. */
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
  /** How much this run may cost, in place of `budget.spend`. */
  readonly spend?: number
}

/** The same with paths as the pipeline compares them: of manifests absolute, of images relative. */
export function resolveSelection(selection: Selection, root: string): Selection {
  const { manifests, images } = selection
  const resolveImage = (id: ImageId): ImageId => ({
    ...id,
    manifest: projectPath(root, path.resolve(root, id.manifest)),
  })
  return {
    ...selection,
    ...(manifests && { manifests: manifests.map(file => path.resolve(root, file)) }),
    ...(images && { images: images.map(resolveImage) }),
  }
}
