import type {
  GeneratedPicture,
  ImageProvider,
  ProviderContext,
  ProviderFile,
  ProviderRequest,
} from '../../config/provider/image-provider.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { isRecord } from '../../system/is-record.ts'
import { AttemptError } from '../attempt-error.ts'
import { defineProvider } from '../custom/define-provider.ts'
import { classifySdkError } from './ai-sdk-error.ts'
import type { AiSdkImageCall, AiSdkImageModel, AiSdkImageResult } from './ai-sdk-model.ts'

/** What a model does not say of itself. */
export interface AiSdkOptions
  extends Pick<ImageProvider, 'sizes' | 'files' | 'masks' | 'apiKeyEnv'> {
  /**
   * Belongs to keys: another name asks for every picture anew.
   * @default the SDK's provider and model, as `openai.image/gpt-image-2`
   */
  readonly name?: string
}

/**
 * A provider of any image model of the AI SDK, for `provider: { use: aiSdk(model) }`. The SDK hands
 * pictures over as a whole, so each one under way lies in memory.
 *
 * `params` of a manifest: `seed` and `aspectRatio` (then no size is sent) are the SDK's own;
 * `providerOptions` is handed on as it is, and all others below the provider's name.
 * @example
 * ```ts
 * import { createOpenAI } from '@ai-sdk/openai'
 * import { aiSdk } from 'unplugin-imagegen/ai'
 *
 * export default {
 *   provider: { use: aiSdk(createOpenAI().image('gpt-image-2'), { files: true, apiKeyEnv: 'OPENAI_API_KEY' }) },
 * }
 * ```
 * @param options `files` and `masks` say what models before version 4 do not; without them, such a
 * model is given none
 * @throws ConfigError when it is not an image model of version 2, 3 or 4
 */
export function aiSdk(model: AiSdkImageModel, options: AiSdkOptions = {}): ImageProvider {
  checkModel(model)
  const { provider, modelId, specificationVersion } = model
  const { name = `${provider}/${modelId}`.replace(/[^\w.:/-]/g, '-').slice(0, 100) } = options
  const isOld = specificationVersion === 'v2'
  if (isOld && (options.files || options.masks)) {
    throw new ConfigError(
      `The model ${provider}/${modelId} has version 2 of the AI SDK's specification, which has no files and no masks. Remove \`files\` and \`masks\`, or use a model of a later version.`,
    )
  }
  return defineProvider({
    name,
    models: [modelId],
    files: options.files ?? isPossible(model.supportsFileInputs),
    masks: options.masks ?? isPossible(model.supportsMaskInputs),
    ...(options.sizes && { sizes: options.sizes }),
    ...(options.apiKeyEnv !== undefined && { apiKeyEnv: options.apiKeyEnv }),
    generate: (request, context) => generate(model, request, context),
  })
}

/** A promise is waited for just before a request that needs it is sent. */
function isPossible(ability: AiSdkImageModel['supportsFileInputs']): boolean {
  return ability !== undefined && ability !== false
}

async function generate(
  model: AiSdkImageModel,
  request: ProviderRequest,
  context: ProviderContext,
): Promise<GeneratedPicture> {
  await checkAbilities(model, request)
  const call = await describeCall(model, request, context)
  const result = await Promise.resolve(model.doGenerate(call)).catch(error => {
    throw classifySdkError(error)
  })
  const [picture] = result.images
  if (picture === undefined) {
    throw new AttemptError(
      'It answered without a picture. A picture may have been made and billed.',
      {
        outcome: 'unusable',
      },
    )
  }
  return {
    picture: typeof picture === 'string' ? Buffer.from(picture, 'base64') : picture,
    facts: factsOf(result),
  }
}

async function checkAbilities(
  { supportsFileInputs, supportsMaskInputs }: AiSdkImageModel,
  { references, mask }: ProviderRequest,
): Promise<void> {
  const refuse = (what: string) =>
    new AttemptError(`It does not accept ${what}. Nothing was sent.`, { outcome: 'refused' })
  if (references.length > 0 && (await supportsFileInputs) === false) {
    throw refuse('reference pictures')
  }
  if (mask && (await supportsMaskInputs) === false) throw refuse('masks')
}

async function describeCall(
  { provider, specificationVersion }: AiSdkImageModel,
  { prompt, size, params, references, mask }: ProviderRequest,
  { signal, requestId }: ProviderContext,
): Promise<AiSdkImageCall> {
  const { seed, aspectRatio, providerOptions, ...others } = params
  const [owner = provider] = provider.split('.')
  const own = isRecord(providerOptions) ? providerOptions : {}
  const below = own[owner]
  return {
    prompt,
    n: 1,
    size: size === 'auto' || aspectRatio !== undefined ? undefined : size,
    aspectRatio: typeof aspectRatio === 'string' ? aspectRatio : undefined,
    seed: typeof seed === 'number' ? seed : undefined,
    providerOptions: { ...own, [owner]: { ...others, ...(isRecord(below) && below) } },
    abortSignal: signal,
    headers: { 'idempotency-key': requestId, 'x-client-request-id': requestId },
    ...(specificationVersion !== 'v2' && {
      files: references.length > 0 ? await Promise.all(references.map(toFile)) : undefined,
      mask: mask && (await toFile(mask)),
    }),
  }
}

async function toFile({ type, bytes }: ProviderFile) {
  return { type: 'file', mediaType: type, data: await bytes() }
}

function factsOf({ warnings, providerMetadata, usage, response }: AiSdkImageResult): object {
  return {
    ...(usage && { usage }),
    ...(providerMetadata && { providerMetadata }),
    ...(response?.modelId !== undefined && { modelId: response.modelId }),
    ...(warnings && warnings.length > 0 && { warnings: warnings.map(describeWarning) }),
  }
}

/** Versions word their warnings differently: `setting` or `feature`, and `details` or `message`. */
function describeWarning(warning: object): string {
  const { type, setting, feature, details, message } = { ...warning } as Readonly<
    Record<string, unknown>
  >
  const subject = setting ?? feature
  const words = message ?? details
  const what = subject === undefined ? String(type) : `${String(type)}: ${String(subject)}`
  return words === undefined
    ? `Warning of the AI SDK (${what}).`
    : `Warning of the AI SDK (${what}): ${String(words)}`
}

function checkModel(model: unknown): void {
  if (
    isRecord(model) &&
    ['v2', 'v3', 'v4'].some(version => version === model.specificationVersion) &&
    typeof model.doGenerate === 'function' &&
    typeof model.provider === 'string' &&
    typeof model.modelId === 'string' &&
    'maxImagesPerCall' in model
  ) {
    return
  }
  const found =
    isRecord(model) && typeof model.specificationVersion === 'string'
      ? ` of version ${model.specificationVersion}`
      : ''
  throw new ConfigError(
    `\`aiSdk\` needs an image model of version 2, 3 or 4, but it was given a value${found} that is none. Write \`aiSdk(openai.image('gpt-image-2'))\`.`,
  )
}
