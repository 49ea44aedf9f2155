import type { ProviderPreset } from './provider-options.ts'

/** Any size within bounds, beside those that are listed. */
export interface FreeSizes {
  readonly listed: readonly string[]
  /** Both sides are multiples of it, in pixels. */
  readonly multipleOf: number
  /** The longer side has at most so many times the shorter one. */
  readonly ratio: number
  /** Pixels of the longer side. */
  readonly longest: number
  /** Pixels in all. */
  readonly pixels: number
}

/** Which sizes an API makes. */
export type Sizes = readonly string[] | FreeSizes | 'any'

/** How an API in OpenAI's form is spoken to, as data. */
export interface ApiSettings {
  /** Environment variable that holds the API key; absent: none is needed. */
  readonly apiKeyEnv?: string
  /** Carries the key: `authorization` as a bearer token, any other as it is. `false`: no key is sent. */
  readonly authHeader: string | false
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** Below the base URL. */
  readonly paths: Readonly<Record<'generations' | 'edits', string>>
  /** Sent with each request beside `model`, `prompt` and `size`. */
  readonly fields: Readonly<Record<string, string | number | boolean | null>>
  readonly sizes: Sizes
  readonly masks: boolean
  /**
   * Matches code, type and message of an error that refuses the content of one image, whatever its
   * status: that is no reason to stop the others.
   */
  readonly moderation: RegExp
  /** What a 403 means: the key may not do this (`stop` the run), or this image is refused. */
  readonly forbidden: 'stop' | 'refused'
}

/** What differs between APIs in OpenAI's form. Options of the same names lie over it. */
export interface Preset extends ApiSettings {
  readonly name: ProviderPreset
  /** Absent: the options must name one. */
  readonly baseURL?: string
  /** Environment variable that overrides the base URL. */
  readonly baseURLEnv: string
  readonly apiKeyEnv: string
  /** Where people get a key, and see what a picture costs; absent: the API is theirs to know. */
  readonly account?: { readonly keys: string; readonly prices: string }
}
