import type { ProviderPreset } from './options.ts'

/** One size that the API documents. */
export interface SizeInfo {
  readonly size: string
  /** `3:2`; absent for `auto`. */
  readonly ratio?: string
  readonly use: string
}

/** The ten sizes of the API's documentation, for generations and edits alike. */
export const SIZES: readonly SizeInfo[] = [
  { size: 'auto', use: 'the API chooses' },
  { size: '1024x1024', ratio: '1:1', use: 'square images, avatars, covers' },
  { size: '1536x1024', ratio: '3:2', use: 'landscape posters, banners, scenes' },
  { size: '1024x1536', ratio: '2:3', use: 'portrait covers and posters' },
  { size: '1536x1152', ratio: '4:3', use: 'product images, content graphics' },
  { size: '1152x1536', ratio: '3:4', use: 'portraits, vertical posters' },
  { size: '2048x2048', ratio: '1:1', use: 'high-resolution square images' },
  { size: '2048x1152', ratio: '16:9', use: 'high-resolution landscapes' },
  { size: '3840x2160', ratio: '16:9', use: '4K landscapes' },
  { size: '2160x3840', ratio: '9:16', use: '4K portraits' },
]

/** What differs between compatible APIs. */
export interface Preset {
  readonly name: ProviderPreset
  readonly baseURL: string
  /** Environment variable that overrides the base URL. */
  readonly baseURLEnv: string
  /** Environment variable that holds the API key. */
  readonly apiKeyEnv: string
  /** Whether `response_format` is sent. OpenAI rejects it for its gpt-image models. */
  readonly sendsResponseFormat: boolean
  /**
   * Matches code, type and message of an error that refuses the content of one image, whatever its
   * status: that is no reason to stop the others.
   */
  readonly moderation: RegExp
  /** Whether a size is accepted beyond {@link SIZES}. */
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

function isDocumentedSize(size: string): boolean {
  return SIZES.some(documented => documented.size === size)
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
