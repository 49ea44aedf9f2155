/**
 * An image model of the AI SDK, as far as it is used here: specification versions 2 and 3 (Node 20),
 * and 4 (Node 22). Described by its form, so that the SDK is no dependency.
 */
export interface AiSdkImageModel {
  readonly specificationVersion: 'v2' | 'v3' | 'v4'
  /** `openai.image` */
  readonly provider: string
  readonly modelId: string
  /** Version 4: whether it takes pictures to start from. */
  readonly supportsFileInputs?: PromiseLike<boolean | undefined> | boolean | undefined
  /** Version 4: whether it takes a mask. */
  readonly supportsMaskInputs?: PromiseLike<boolean | undefined> | boolean | undefined
  doGenerate(call: AiSdkImageCall): PromiseLike<AiSdkImageResult>
}

/** What one call is given. */
export interface AiSdkImageCall {
  readonly prompt: string | undefined
  readonly n: number
  readonly size: string | undefined
  readonly aspectRatio: string | undefined
  readonly seed: number | undefined
  readonly files?: readonly object[] | undefined
  readonly mask?: object | undefined
  readonly providerOptions: object
  readonly abortSignal?: AbortSignal
  readonly headers?: Readonly<Record<string, string | undefined>>
}

/** What one call gives. */
export interface AiSdkImageResult {
  /** Bytes, or base64. */
  readonly images: readonly string[] | readonly Uint8Array[]
  readonly warnings?: readonly object[]
  readonly providerMetadata?: object | undefined
  readonly usage?: object | undefined
  readonly response?: { readonly modelId?: string | undefined }
}
