import type { OutputSettings } from '../config/output-settings.ts'
import type { Sizes } from '../config/provider/preset.ts'

/** What a manifest has to know of the provider that makes an image. */
export interface ProviderAbilities {
  /** For messages: `the API`, or a name. */
  readonly label: string
  readonly sizes: Sizes
  /** Whether it takes references. */
  readonly files: boolean
  /** Whether it takes a mask for the first reference. */
  readonly masks: boolean
  /** The models that it serves; absent: any. */
  readonly models?: readonly string[]
}

/** What parsing a manifest needs beside its text. */
export interface ManifestOptions {
  /** Absolute path of the project root. Everything that a manifest names lies inside it. */
  readonly root: string
  /** Makes the images that name no provider. */
  readonly provider: ProviderAbilities
  /** Those that images may name. */
  readonly providers?: Readonly<Record<string, ProviderAbilities>>
  /** Output settings for manifests that do not say otherwise. */
  readonly output?: OutputSettings
}
