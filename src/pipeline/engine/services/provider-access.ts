import type { ReadVariable } from '../../../config/environment.ts'
import type { ResolvedOptions } from '../../../config/options.ts'
import { MissingKeyError } from '../../../errors/missing-key-error.ts'
import { PRESETS } from '../../../provider/presets.ts'
import type { AnswerReader, Provider } from '../../../provider/provider.ts'

/** How a pipeline comes by the API. Tests put another provider in its place. */
export interface ProviderAccess {
  /** Whether there is a key to send. */
  hasKey(): boolean
  /** @throws MissingKeyError */
  openProvider(): Promise<Provider>
  /** Starts reading a raw answer. Needs no key. */
  createReader(): Promise<AnswerReader>
}

/** Access to the API that the options name. Warm builds never use it, so they load no HTTP client. */
export function createProviderAccess(
  { provider, limits }: ResolvedOptions,
  readVariable: ReadVariable,
): ProviderAccess {
  const { apiKeyEnv, baseURL, timeout } = provider
  const readKey = (): string | undefined => readVariable(apiKeyEnv)
  const answers = {
    preset: { ...PRESETS[provider.preset], apiKeyEnv },
    baseURL,
    answerBytes: limits.answerBytes,
  }
  return {
    hasKey: () => readKey() !== undefined,
    async openProvider() {
      const apiKey = readKey()
      if (apiKey === undefined) {
        throw new MissingKeyError(`${apiKeyEnv} is not set. Set it to the key of your account.`)
      }
      const { createOpenAICompatibleProvider } = await import(
        '../../../provider/openai/openai-compatible.ts'
      )
      return createOpenAICompatibleProvider({ ...answers, apiKey, timeout })
    },
    async createReader() {
      const { createOpenAIAnswerReader } = await import(
        '../../../provider/openai/openai-answers.ts'
      )
      return createOpenAIAnswerReader({ ...answers, apiKey: readKey() })
    },
  }
}
