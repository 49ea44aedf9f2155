import type { ImageProvider } from './image-provider.ts'

/** Names of the APIs whose settings are known. */
export type ProviderPreset = 'llmeasy' | 'openai' | 'compatible'

/** The API that makes the pictures, and how patiently it is asked. */
export interface ProviderOptions {
  /**
   * A provider of your own, made by `defineProvider` or `aiSdk`, instead of a preset.
   * @default none
   */
  use?: ImageProvider
  /**
   * What differs between APIs in OpenAI's form: base URL, key variable, sizes, which fields are sent …
   * `compatible` is any such API, and needs a `baseURL`. The options below lie over it.
   * @default 'llmeasy'
   */
  preset?: ProviderPreset
  /**
   * Base URL of the API, up to and including `/v1`; a query is sent with each request. Not for keys.
   * `http:` only to loopback. The environment variable `LLMEASY_BASE_URL` (`OPENAI_BASE_URL`, `IMAGEGEN_BASE_URL`)
   * wins; in `providers` it stands in only.
   * @default the preset's
   */
  baseURL?: string
  /**
   * Name of the environment variable that holds the API key.
   * @default the preset's: LLMEASY_API_KEY, OPENAI_API_KEY or IMAGEGEN_API_KEY
   */
  apiKeyEnv?: string
  /**
   * The header that carries the key: `authorization` as a bearer token, any other (`api-key`) as it
   * is. `false`: the API takes no key.
   * @default 'authorization'
   */
  authHeader?: string | false
  /**
   * Further headers of each request. Not for keys.
   * @default {}
   */
  headers?: Readonly<Record<string, string>>
  /**
   * A query that is sent with each request, such as `{ 'api-version': '2026-04-01' }`. Not for keys.
   * @default {}
   */
  query?: Readonly<Record<string, string>>
  /** Where requests go, below the base URL. */
  paths?: PathOptions
  /**
   * Fields of each request beside `model`, `prompt`, `size` and `n`. `null` leaves one out that the
   * preset sends: `{ response_format: null }`. They do not belong to keys; a manifest's `params` do.
   * @default the preset's
   */
  fields?: Readonly<Record<string, string | number | boolean | null>>
  /**
   * Sizes that the API makes, as `1024x1024`; `any` leaves the judgement to the API.
   * @default the preset's
   */
  sizes?: readonly string[] | 'any'
  /**
   * Whether the API takes a mask with an edit.
   * @default the preset's
   */
  masks?: boolean
  /**
   * What a 403 means: `stop`, that the key may not do this, so the run ends; `refused`, that this
   * image is refused, and others may not be.
   * @default 'stop'
   */
  forbidden?: 'stop' | 'refused'
  /**
   * The model to ask for images that name none. With `use`: the first of its `models`.
   * @default 'gpt-image-2'
   */
  model?: string
  /**
   * Requests under way at once, 1 to 64.
   * @default 4
   */
  concurrency?: number
  /**
   * How long one attempt may take, in milliseconds. A number sets both parts.
   * @default { silence: 600_000, total: 1_800_000 }
   */
  timeout?: number | TimeoutOptions
  retry?: RetryOptions
}

/** Where requests go, below the base URL. */
export interface PathOptions {
  /**
   * For images without references.
   * @default 'images/generations'
   */
  generations?: string
  /**
   * For images with references.
   * @default 'images/edits'
   */
  edits?: string
}

/** How long one attempt may take. */
export interface TimeoutOptions {
  /**
   * The longest time without a byte of the answer, in milliseconds.
   * @default 600_000
   */
  silence?: number
  /**
   * The longest time up to the last byte of the answer, in milliseconds.
   * @default 1_800_000
   */
  total?: number
}

/** How often and when an attempt is repeated. */
export interface RetryOptions {
  /**
   * Waits before the second, third … attempt, in milliseconds, each with jitter.
   * @default [3_000, 8_000, 15_000]
   */
  delays?: readonly number[]
  /**
   * The longest `Retry-After` that is waited for, in milliseconds.
   * @default 120_000
   */
  maxDelay?: number
  /**
   * After an attempt that may have been billed: ask again under the same request ID, or stop.
   * @default 'retry'
   */
  uncertain?: 'retry' | 'stop'
}
