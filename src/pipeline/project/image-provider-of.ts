import type { ResolvedOptions } from '../../config/options.ts'
import type { ResolvedProvider } from '../../config/provider/resolved-provider.ts'
import type { RequestProvider } from '../../plan/prepare-request.ts'

type Providers = Pick<ResolvedOptions, 'provider' | 'providers'>

/**
 * A provider of the options.
 * @param name in `providers`; absent, or no longer there: the one of `provider`
 */
export function providerNamed(
  { provider, providers }: Providers,
  name: string | undefined,
): ResolvedProvider {
  const named = name !== undefined && Object.hasOwn(providers, name) ? providers[name] : undefined
  return named ?? provider
}

/** What requests take from a provider. */
export function requestProviderOf({ model, use }: ResolvedProvider): RequestProvider {
  return { model, ...(use && { keyName: use.name }) }
}
