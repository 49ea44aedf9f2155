import type { ApiSettings, FreeSizes, Preset } from '../config/provider/preset.ts'
import type { ProviderPreset } from '../config/provider/provider-options.ts'
import { DOCUMENTED_SIZES } from '../manifest/sizes.ts'

/** OpenAI's words, which compatible gateways hand on. */
const MODERATION =
  /moderation_blocked|safety_violations|content_policy_violation|content_filter|content_moderation/

/** What APIs in OpenAI's form have in common. */
const USUAL = {
  authHeader: 'authorization',
  headers: {},
  query: {},
  paths: { generations: 'images/generations', edits: 'images/edits' },
  fields: { response_format: 'b64_json', output_format: 'png' },
  masks: true,
  moderation: MODERATION,
  forbidden: 'stop',
} as const satisfies Partial<ApiSettings>

/** OpenAI's rule for gpt-image models. */
const OPENAI_SIZES: FreeSizes = {
  listed: DOCUMENTED_SIZES,
  multipleOf: 16,
  ratio: 3,
  longest: 3840,
  pixels: 3840 * 2160,
}

export const PRESETS: Readonly<Record<ProviderPreset, Preset>> = {
  llmeasy: {
    ...USUAL,
    name: 'llmeasy',
    baseURL: 'https://www.llmeasy.ru/v1',
    baseURLEnv: 'LLMEASY_BASE_URL',
    apiKeyEnv: 'LLMEASY_API_KEY',
    account: { keys: 'https://www.llmeasy.ru', prices: 'https://www.llmeasy.ru' },
    sizes: DOCUMENTED_SIZES,
    masks: false,
  },
  openai: {
    ...USUAL,
    name: 'openai',
    baseURL: 'https://api.openai.com/v1',
    baseURLEnv: 'OPENAI_BASE_URL',
    apiKeyEnv: 'OPENAI_API_KEY',
    account: {
      keys: 'https://platform.openai.com/api-keys',
      prices: 'https://platform.openai.com/docs/pricing',
    },
    // OpenAI rejects `response_format` for its gpt-image models.
    fields: { output_format: 'png' },
    sizes: OPENAI_SIZES,
  },
  compatible: {
    ...USUAL,
    name: 'compatible',
    baseURLEnv: 'IMAGEGEN_BASE_URL',
    apiKeyEnv: 'IMAGEGEN_API_KEY',
    sizes: 'any',
  },
}
