import type { ConnectionPreset, ProviderPreset } from '../config/options.ts'
import { isDocumentedSize } from '../manifest/sizes.ts'

/** What differs between compatible APIs. */
export interface Preset extends ConnectionPreset {
  readonly name: ProviderPreset
  /** Whether `response_format` is sent. OpenAI rejects it for its gpt-image models. */
  readonly sendsResponseFormat: boolean
  /**
   * Matches code, type and message of an error that refuses the content of one image, whatever its
   * status: that is no reason to stop the others.
   */
  readonly moderation: RegExp
  /** Whether a size is accepted beyond those that every API documents. */
  acceptsSize(size: string): boolean
}

/** OpenAI's words, which compatible gateways hand on. */
const MODERATION =
  /moderation_blocked|safety_violations|content_policy_violation|content_filter|content_moderation/

export const PRESETS: Readonly<Record<ProviderPreset, Preset>> = {
  llmeasy: {
    name: 'llmeasy',
    baseURL: 'https://www.llmeasy.ru/v1',
    baseURLEnv: 'LLMEASY_BASE_URL',
    apiKeyEnv: 'LLMEASY_API_KEY',
    sendsResponseFormat: true,
    moderation: MODERATION,
    acceptsSize: isDocumentedSize,
  },
  openai: {
    name: 'openai',
    baseURL: 'https://api.openai.com/v1',
    baseURLEnv: 'OPENAI_BASE_URL',
    apiKeyEnv: 'OPENAI_API_KEY',
    sendsResponseFormat: false,
    moderation: MODERATION,
    acceptsSize: size => isDocumentedSize(size) || isFlexibleSize(size),
  },
}

/** OpenAI's rule: sides divisible by 16, a ratio between 1:3 and 3:1, at most 3840×2160 pixels. */
function isFlexibleSize(size: string): boolean {
  const match = /^([1-9]\d{1,3})x([1-9]\d{1,3})$/.exec(size)
  if (!match) return false
  const [width, height] = [Number(match[1]), Number(match[2])]
  const ratio = width / height
  return (
    width % 16 === 0 &&
    height % 16 === 0 &&
    ratio >= 1 / 3 &&
    ratio <= 3 &&
    Math.max(width, height) <= 3840 &&
    width * height <= 3840 * 2160
  )
}
