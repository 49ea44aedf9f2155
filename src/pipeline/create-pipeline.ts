import path from 'node:path'
import { type ReadVariable, readProcessVariable } from '../config/environment.ts'
import type { ResolvedOptions } from '../config/options.ts'
import { PRESETS } from '../config/presets.ts'
import { MissingKeyError } from '../errors/missing-key-error.ts'
import { createOriginals } from '../originals/create-originals.ts'
import { createDiskObjects } from '../originals/disk-objects.ts'
import { createLeases } from '../originals/leases.ts'
import { createOriginalStore } from '../originals/original-store.ts'
import type { Provider } from '../provider/provider.ts'
import { createRenditions } from '../renditions/create-renditions.ts'
import { composePipeline } from './compose-pipeline.ts'
import { createEventHub } from './event-hub.ts'
import type { Pipeline } from './pipeline.ts'

export interface PipelineContext {
  /** Where the API key and the like are read from. */
  readonly readVariable?: ReadVariable
}

/** Opens a pipeline over the real parts: directory, client, encoder. Nothing is read or sent yet. */
export function createPipeline(
  options: ResolvedOptions,
  { readVariable = readProcessVariable }: PipelineContext = {},
): Pipeline {
  const { cacheDir, limits, provider } = options
  const events = createEventHub()
  const onWarning = (message: string): void => events.emit({ type: 'warning', message })
  const store = createOriginalStore({ dir: cacheDir, onWarning })
  // Leases belong to this machine, so they stay out of what is committed.
  const local = path.join(cacheDir, 'local')
  const temporary = path.join(local, 'tmp')
  const originals = createOriginals({
    dir: cacheDir,
    store,
    leases: createLeases({ objects: createDiskObjects(local, { temporary }), onWarning }),
    provider: () => openProvider(options, readVariable),
    prove: async file => {
      const { provePicture } = await import('../renditions/prove-picture.ts')
      return provePicture(file, limits)
    },
    retry: provider.retry,
    concurrency: provider.concurrency,
    onWarning,
  })
  return composePipeline({
    options,
    originals,
    events,
    renditions: createRenditions({
      cacheDir: options.renditionsDir,
      pixels: limits.pixels,
      onWarning,
    }),
    hasKey: () => readVariable(provider.apiKeyEnv) !== undefined,
    async proveReference(picture, subject) {
      const { proveReference } = await import('../renditions/prove-picture.ts')
      await proveReference(picture, subject, limits)
    },
  })
}

/** Warm builds never come here, so they load no HTTP client. */
async function openProvider(
  { provider, limits }: ResolvedOptions,
  readVariable: ReadVariable,
): Promise<Provider> {
  const apiKey = readVariable(provider.apiKeyEnv)
  if (apiKey === undefined) {
    throw new MissingKeyError(
      `${provider.apiKeyEnv} is not set. Set it to the key of your account.`,
    )
  }
  const { createOpenAICompatibleProvider } = await import('../provider/openai-compatible.ts')
  return createOpenAICompatibleProvider({
    preset: PRESETS[provider.preset],
    baseURL: provider.baseURL,
    apiKey,
    timeout: provider.timeout,
    maxDelay: provider.retry.maxDelay,
    answerBytes: limits.answerBytes,
  })
}
