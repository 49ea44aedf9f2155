import type { OutputSettings } from '../config/output-settings.ts'

/** What parsing a manifest needs beside its text. */
export interface ManifestOptions {
  /** Absolute path of the project root. Everything that a manifest names lies inside it. */
  readonly root: string
  /** Whether the API makes this size. */
  acceptsSize(size: string): boolean
  /** Output settings for manifests that do not say otherwise. */
  readonly output?: OutputSettings
}
