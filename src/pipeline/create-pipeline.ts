import { openBudget } from '../budget/open-budget.ts'
import { type ReadVariable, readProcessVariable } from '../config/environment.ts'
import type { ResolvedOptions } from '../config/options.ts'
import { MissingKeyError } from '../errors/missing-key-error.ts'
import { createOriginals } from '../originals/create-originals.ts'
import { createLeases, type Leases } from '../originals/leases/leases.ts'
import { createLocalLeases } from '../originals/leases/local-leases.ts'
import { createTieredLeases, SHARED_LEASE_TIMING } from '../originals/leases/tiered-leases.ts'
import type { ProvePicture } from '../originals/original.ts'
import { createOriginalStore } from '../originals/store/original-store.ts'
import { s3Label } from '../originals/store/s3/s3-settings.ts'
import {
  createSharedStore,
  deferObjects,
  type SharedStore,
} from '../originals/store/shared/shared-store.ts'
import { createSigner } from '../originals/store/signature.ts'
import { PRESETS } from '../provider/presets.ts'
import type { AnswerReader, Provider } from '../provider/provider.ts'
import { createRenditions } from '../renditions/create-renditions.ts'
import { loadSharp } from '../renditions/encode/sharp.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import { composePipeline } from './compose-pipeline.ts'
import { createEventHub } from './event-hub.ts'
import type { Pipeline } from './pipeline.ts'
import { type CacheSight, checkOtherCaches } from './project/other-caches.ts'
import { chooseRenditionsDir } from './renditions-dir.ts'

export interface PipelineContext {
  /** Where the API key and the like are read from. */
  readonly readVariable?: ReadVariable
  /** @default the system's */
  readonly clock?: Clock
  /** Absent: no other cache is looked at. */
  readonly sight?: CacheSight
}

/** Opens a pipeline over the real parts: directory, client, encoder. Nothing is read or sent yet. */
export function createPipeline(
  given: ResolvedOptions,
  { readVariable = readProcessVariable, clock = systemClock, sight }: PipelineContext = {},
): Pipeline {
  const events = createEventHub()
  const onWarning = (message: string): void => events.emit({ type: 'warning', message })
  const { folder: renditionsDir, warning } = chooseRenditionsDir(given)
  if (warning !== undefined) events.emitToNext({ type: 'warning', message: warning })
  const options = { ...given, renditionsDir }
  const { cacheDir, limits, provider } = options
  const prove: ProvePicture = async file => {
    const { provePicture } = await import('../renditions/encode/prove-picture.ts')
    return provePicture(file, limits)
  }
  const shared = options.store && openSharedStore(options.store, onWarning)
  const signingKey = readVariable('IMAGEGEN_SIGNING_KEY')
  const store = createOriginalStore({
    dir: cacheDir,
    onWarning,
    prove,
    ...(shared && { shared }),
    ...(signingKey !== undefined && { signer: createSigner(signingKey) }),
  })
  const originals = createOriginals({
    dir: cacheDir,
    store,
    leases: openLeases(cacheDir, shared, onWarning),
    provider: () => openProvider(options, readVariable),
    createReader: () => openReader(options, readVariable),
    prove,
    loadDecoder: loadSharp,
    retry: provider.retry,
    concurrency: provider.concurrency,
    clock,
    onWarning,
  })
  return composePipeline({
    options,
    budget: openBudget({ cacheDir, limits: options.budget, clock, onWarning }),
    originals,
    events,
    renditions: createRenditions({
      cacheDir: renditionsDir,
      pixels: limits.pixels,
      onWarning,
    }),
    hasKey: () => readVariable(provider.apiKeyEnv) !== undefined,
    checkCaches: async manifests => sight && checkOtherCaches(options, sight, manifests),
    async toPng(original) {
      const { convertToPng } = await import('../renditions/encode/convert-to-png.ts')
      return convertToPng(original, limits)
    },
    async proveReference(picture, subject) {
      const { proveReference } = await import('../renditions/encode/prove-picture.ts')
      await proveReference(picture, subject)
    },
  })
}

/** Warm builds never come to the store, so they load no AWS SDK. */
function openSharedStore(
  { type: _, required, ...settings }: NonNullable<ResolvedOptions['store']>,
  onWarning: (message: string) => void,
): SharedStore {
  const objects = deferObjects(s3Label(settings), async () => {
    const { createS3Objects } = await import('../originals/store/s3/s3-objects.ts')
    return createS3Objects(settings)
  })
  return createSharedStore({ objects, access: settings.access, required, onWarning })
}

function openLeases(
  cacheDir: string,
  shared: SharedStore | undefined,
  onWarning: (message: string) => void,
): Leases {
  const local = createLocalLeases(cacheDir, { onWarning })
  if (shared?.access !== 'read-write') return local
  const there = createLeases({ objects: shared.objects, onWarning, ...SHARED_LEASE_TIMING })
  return createTieredLeases(local, there, shared)
}

async function openReader(
  options: ResolvedOptions,
  readVariable: ReadVariable,
): Promise<AnswerReader> {
  const { createOpenAIAnswerReader } = await import('../provider/openai/openai-answers.ts')
  return createOpenAIAnswerReader(answerOptions(options, readVariable))
}

function answerOptions({ provider, limits }: ResolvedOptions, readVariable: ReadVariable) {
  return {
    preset: { ...PRESETS[provider.preset], apiKeyEnv: provider.apiKeyEnv },
    baseURL: provider.baseURL,
    apiKey: readVariable(provider.apiKeyEnv),
    answerBytes: limits.answerBytes,
  }
}

/** Warm builds never come here, so they load no HTTP client. */
async function openProvider(
  resolved: ResolvedOptions,
  readVariable: ReadVariable,
): Promise<Provider> {
  const { provider } = resolved
  const { apiKey, ...options } = answerOptions(resolved, readVariable)
  if (apiKey === undefined) {
    throw new MissingKeyError(
      `${provider.apiKeyEnv} is not set. Set it to the key of your account.`,
    )
  }
  const { createOpenAICompatibleProvider } = await import('../provider/openai/openai-compatible.ts')
  return createOpenAICompatibleProvider({ ...options, apiKey, timeout: provider.timeout })
}
