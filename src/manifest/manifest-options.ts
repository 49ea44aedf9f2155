import type { OutputSettings } from '../config/output-settings.ts'

/** What a manifest cannot know on its own. */
export interface ManifestOptions {
  /** Absolute path of the project root: everything that a manifest names lies inside it. */
  readonly root: string
  /** Whether the API makes this size. */
  acceptsSize(size: string): boolean
  /** Output settings that lie under those of every manifest. */
  readonly output?: OutputSettings
}
