import type { Json } from '../../system/json.ts'

/**
 * An image API of one's own. It makes one attempt a call and never tries again: this package decides
 * whether and when to.
 */
export interface ImageProvider {
  /**
   * Belongs to the key of each request, so that a picture of one provider is never taken for that of
   * another: another name asks for every picture anew. Up to 100 letters, digits and `. _ - / :`.
   */
  readonly name: string
  /**
   * The models that it serves; the first one is the default.
   * @default any
   */
  readonly models?: readonly string[]
  /**
   * Sizes that it makes, as `1024x1024`.
   * @default any
   */
  readonly sizes?: readonly string[]
  /**
   * Whether it takes reference pictures.
   * @default false
   */
  readonly files?: boolean
  /**
   * Whether it takes a mask for the first reference.
   * @default false
   */
  readonly masks?: boolean
  /**
   * The environment variable that holds its API key. The key is handed to `generate`, masked wherever
   * a message or a picture repeats it, and nothing is sent without it.
   * @default none: it needs no key, or finds it by itself
   */
  readonly apiKeyEnv?: string
  /**
   * Makes one picture. What it throws says what became of the attempt: an `AttemptError` by its
   * `outcome`; anything else may have been billed, and is not tried again.
   */
  generate(
    request: ProviderRequest,
    context: ProviderContext,
  ): GeneratedPicture | Promise<GeneratedPicture>
}

/** What is wanted of an {@link ImageProvider}. */
export interface ProviderRequest {
  readonly prompt: string
  /** `1024x1024`, or another text that `sizes` lists. */
  readonly size: string
  readonly model: string
  /** Further fields, as the manifest writes them. */
  readonly params: Readonly<Record<string, Json>>
  /** Another number asks for another picture of the same request. */
  readonly revision: number
  readonly references: readonly ProviderFile[]
  /** Of the same size as the first reference, which may change where the mask is transparent. */
  readonly mask?: ProviderFile
}

/** A picture file that goes with a request. */
export interface ProviderFile {
  /** Without folders. */
  readonly fileName: string
  readonly type: `image/${string}`
  /** Bytes. */
  readonly size: number
  bytes(): Promise<Uint8Array<ArrayBuffer>>
}

/** What an {@link ImageProvider} is given beside the request. */
export interface ProviderContext {
  /** Aborted when the attempt's time is up or nobody wants it any longer. */
  readonly signal: AbortSignal
  /** The same for every attempt at one picture, to be sent as an idempotency key. */
  readonly requestId: string
  /** What the variable `apiKeyEnv` holds; empty without such a variable. */
  readonly apiKey: string
}

/** What an {@link ImageProvider} returns. */
export interface GeneratedPicture {
  /** PNG, JPEG, WebP, AVIF, GIF or TIFF: whole, or piece by piece. A stream is written to disk as it comes. */
  readonly picture: Uint8Array | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>
  /**
   * What is worth keeping beside the picture, as JSON: `usage`, `seed` and the like. Texts in
   * `warnings` are shown. A promise may settle once the picture has come.
   */
  readonly facts?: object | Promise<object | undefined> | undefined
}
