import type { ImageProvider } from './image-provider.ts'

/** Names of the APIs whose settings are known. */
export type ProviderPreset = 'llmeasy' | 'openai' | 'compatible'

/** The API that generates pictures, with its limits and retries. */
export interface ProviderOptions {
  /**
   * A provider of your own, made by `defineProvider` or `aiSdk`, instead of a preset.
   * @default none
   */
  use?: ImageProvider
  /**
   * Settings of a known OpenAI-compatible API: base URL, key variable, sizes, request fields …
   * `compatible` works with any such API and needs a `baseURL`. The options below override it.
   * @default 'llmeasy'
   */
  preset?: ProviderPreset
  /**
   * Base URL of the API, up to and including `/v1`. A query is sent with each request. Never put a key
   * here. `http:` works only for this machine. The environment variable `LLMEASY_BASE_URL`
   * (`OPENAI_BASE_URL`, `IMAGEGEN_BASE_URL`) wins; in `providers` it is only the default.
   * @default the preset's
   */
  baseURL?: string
  /**
   * Name of the environment variable that holds the API key.
   * @default the preset's: LLMEASY_API_KEY, OPENAI_API_KEY or IMAGEGEN_API_KEY
   */
  apiKeyEnv?: string
  /**
   * The header that carries the key: `authorization` as a bearer token, any other (`api-key`) as the
   * plain key. `false`: the API needs no key.
   * @default 'authorization'
   */
  authHeader?: string | false
  /**
   * Further headers of each request. Never put a key here.
   * @default {}
   */
  headers?: Readonly<Record<string, string>>
  /**
   * Query parameters of each request, such as `{ 'api-version': '2026-04-01' }`. Never put a key here.
   * @default {}
   */
  query?: Readonly<Record<string, string>>
  /** Where requests go, below the base URL. */
  paths?: PathOptions
  /**
   * Further fields of each request. `null` removes a field of the preset: `{ response_format: null }`.
   * A change does not request pictures again; a change of a manifest's `params` does.
   * @default the preset's
   */
  fields?: Readonly<Record<string, string | number | boolean | null>>
  /**
   * Sizes that the API supports, such as `1024x1024`. `any` lets the API decide.
   * @default the preset's
   */
  sizes?: readonly string[] | 'any'
  /**
   * Whether the API accepts a mask with an edit.
   * @default the preset's
   */
  masks?: boolean
  /**
   * What status 403 means. `stop`: the key lacks permission, so the run stops. `refused`: the API
   * refuses this image, and the run goes on.
   * @default 'stop'
   */
  forbidden?: 'stop' | 'refused'
  /**
   * The model of images that name none. With `use`: the first of its `models`.
   * @default 'gpt-image-2'
   */
  model?: string
  /**
   * Number of requests at the same time, 1 to 64.
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
   * Longest time without a byte of the answer, in milliseconds.
   * @default 600_000
   */
  silence?: number
  /**
   * Longest time until the last byte of the answer, in milliseconds.
   * @default 1_800_000
   */
  total?: number
}

/** How often and when a failed attempt is repeated. */
export interface RetryOptions {
  /**
   * Waits before the second, third … attempt, in milliseconds, each with jitter.
   * @default [3_000, 8_000, 15_000]
   */
  delays?: readonly number[]
  /**
   * Longest `Retry-After` to wait for, in milliseconds.
   * @default 120_000
   */
  maxDelay?: number
  /**
   * What follows an attempt that may have been billed: `retry` sends it again under the same request
   * ID, `stop` does not.
   * @default 'retry'
   */
  uncertain?: 'retry' | 'stop'
}
