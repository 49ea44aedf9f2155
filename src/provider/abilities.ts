import type { ResolvedProvider } from '../config/provider/resolved-provider.ts'
import type { ProviderAbilities } from '../manifest/manifest-options.ts'

/** What manifests have to know of a provider. */
export function abilitiesOf({ name, use, sizes, masks }: ResolvedProvider): ProviderAbilities {
  if (!use) {
    return {
      label: name === undefined ? 'the API' : `provider "${name}"`,
      sizes,
      files: true,
      masks,
    }
  }
  return {
    label: `provider "${name ?? use.name}"`,
    sizes,
    files: use.files ?? false,
    masks,
    ...(use.models && { models: use.models }),
  }
}
