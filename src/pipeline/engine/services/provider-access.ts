import type { ReadVariable } from '../../../config/environment.ts'
import type { ResolvedOptions } from '../../../config/options.ts'
import type { ResolvedProvider } from '../../../config/provider/resolved-provider.ts'
import { createProxyRules } from '../../../config/proxy-rules.ts'
import { MissingKeyError } from '../../../errors/missing-key-error.ts'
import type { AnsweredRequest } from '../../../originals/acquisition/acquisition.ts'
import { abilitiesOf } from '../../../provider/abilities.ts'
import type { AnswerReader, Provider } from '../../../provider/provider.ts'
import type { FindProxy } from '../../../system/proxy/proxy.ts'
import { providerNamed } from '../../project/image-provider-of.ts'

/** How a pipeline comes by its providers. Tests put others in their place. */
export interface ProviderAccess {
  /**
   * Whether a provider has the key that it needs.
   * @param name in `providers`; absent: the one of `provider`
   */
  hasKey(name?: string): boolean
  /** @throws MissingKeyError */
  openProvider(name?: string): Promise<Provider>
  /** Starts reading a raw answer. Needs no key. */
  createReader(answered: AnsweredRequest): Promise<AnswerReader>
}

/** Access to the providers of the options. Warm builds never use it, so they load no HTTP client. */
export function createProviderAccess(
  options: ResolvedOptions,
  readVariable: ReadVariable,
): ProviderAccess {
  const { answerBytes } = options.limits
  const findProxy = createProxyRules(readVariable)
  const readKey = ({ apiKeyEnv }: ResolvedProvider): string | undefined =>
    apiKeyEnv === undefined ? '' : readVariable(apiKeyEnv)
  return {
    hasKey: name => readKey(providerNamed(options, name)) !== undefined,
    async openProvider(name) {
      const provider = providerNamed(options, name)
      const apiKey = readKey(provider)
      if (apiKey === undefined) {
        throw new MissingKeyError(`${provider.apiKeyEnv} is not set. Set it to your API key.`)
      }
      return openResolved(provider, { apiKey, answerBytes, findProxy })
    },
    createReader: answered =>
      createReader(answered, providerNamed(options, answered.provider), { answerBytes, readKey }),
  }
}

async function openResolved(
  provider: ResolvedProvider,
  context: {
    readonly apiKey: string
    readonly answerBytes: number
    readonly findProxy: FindProxy
  },
): Promise<Provider> {
  const { use, timeout, baseURL } = provider
  if (use) {
    const { createCustomProvider } = await import('../../../provider/custom/custom-provider.ts')
    const { label } = abilitiesOf(provider)
    return createCustomProvider({ ...context, use, label, timeout })
  }
  const { createOpenAICompatibleProvider } = await import(
    '../../../provider/openai/openai-compatible.ts'
  )
  return createOpenAICompatibleProvider({ ...context, preset: provider, baseURL, timeout })
}

/** By the request: whoever asked for it may be another one by now, or none. */
async function createReader(
  { request }: AnsweredRequest,
  provider: ResolvedProvider,
  {
    answerBytes,
    readKey,
  }: {
    readonly answerBytes: number
    readKey(provider: ResolvedProvider): string | undefined
  },
): Promise<AnswerReader> {
  if (request.provider !== undefined) {
    const { createPictureReader } = await import('../../../provider/custom/picture-reader.ts')
    return createPictureReader({ label: `provider "${request.provider}"`, answerBytes })
  }
  const { createOpenAIAnswerReader } = await import('../../../provider/openai/openai-answers.ts')
  return createOpenAIAnswerReader({
    preset: provider,
    baseURL: provider.baseURL,
    answerBytes,
    apiKey: readKey(provider),
  })
}
