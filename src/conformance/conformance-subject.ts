import type { ProviderOptions } from '../config/provider/provider-options.ts'

/** Where the API is that a test plays. */
export interface ConformanceApi {
  /** `http://127.0.0.1:1234`, without a path. */
  readonly url: string
  /** What every environment variable for a key holds during a test. */
  readonly apiKey: string
}

/** What an API answers. */
export interface ApiReply {
  /** @default 200 */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON. */
  readonly body: string | Uint8Array | object
}

/** A provider, and how its API says what a test wants it to say. */
export interface ConformanceSubject {
  /** The provider as options name it, with its API at the address that is given. */
  provider(api: ConformanceApi): ProviderOptions
  /** How the API answers with a picture. */
  answer(picture: Uint8Array): ApiReply
  /**
   * How the API answers with an error of this status.
   * @default `{ status, body: { error: { message } } }`
   */
  error?(status: number, message: string): ApiReply
  /**
   * The provider holds whole pictures in memory, so that an endless answer is read to its end.
   * @default false
   */
  readonly wholePictures?: boolean
}
