import type { ProviderAbilities } from '../../src/manifest/manifest-options.ts'
import { DOCUMENTED_SIZES } from '../../src/manifest/sizes.ts'

/** An API that makes the documented sizes. */
export const SAMPLE_PROVIDER: ProviderAbilities = {
  label: 'the API',
  sizes: DOCUMENTED_SIZES,
  files: true,
  masks: false,
}
