import type { ImageProvider } from './image-provider.ts'
import type { ApiSettings } from './preset.ts'
import type { ProviderPreset, RetryOptions, TimeoutOptions } from './provider-options.ts'

/** One provider with every default in place. What its preset says stands beside the options. */
export interface ResolvedProvider extends ApiSettings {
  /** Its name in `providers`; absent: it is the one of `provider`. */
  readonly name?: string
  /** A provider of one's own, instead of an API in OpenAI's form. */
  readonly use?: ImageProvider
  readonly preset: ProviderPreset
  /** Empty with `use`. */
  readonly baseURL: string
  readonly model: string
  readonly concurrency: number
  readonly timeout: Readonly<Required<TimeoutOptions>>
  readonly retry: Readonly<Required<RetryOptions>>
}
