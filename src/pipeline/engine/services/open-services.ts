import type { Budget } from '../../../budget/budget.ts'
import type { Limits } from '../../../budget/limits.ts'
import { openBudget } from '../../../budget/open-budget.ts'
import type { ResolvedOptions } from '../../../config/options.ts'
import { dearestPrice } from '../../../cost/price-of.ts'
import { createOriginals } from '../../../originals/create-originals.ts'
import { createLeases, type Leases } from '../../../originals/leases/leases.ts'
import { createLocalLeases } from '../../../originals/leases/local-leases.ts'
import { createTieredLeases, SHARED_LEASE_TIMING } from '../../../originals/leases/tiered-leases.ts'
import { s3Label } from '../../../originals/objects/s3/s3-settings.ts'
import {
  createSharedStore,
  deferObjects,
  type SharedStore,
} from '../../../originals/objects/shared-store.ts'
import type { ProvePicture } from '../../../originals/original.ts'
import type { Originals } from '../../../originals/originals.ts'
import { createSigner } from '../../../originals/store/entry/signature.ts'
import { createOriginalStore } from '../../../originals/store/original-store.ts'
import { createRenditions } from '../../../renditions/create-renditions.ts'
import { loadSharp } from '../../../renditions/encode/sharp.ts'
import type { Renditions } from '../../../renditions/rendition.ts'
import type { Clock } from '../../../system/clock.ts'
import type { FindProxy } from '../../../system/proxy/proxy.ts'
import type { ProviderAccess } from './provider-access.ts'

/** What a pipeline works with: where originals and renditions lie, and what may be requested. */
export interface Services {
  readonly originals: Originals
  readonly renditions: Renditions
  readonly budget: Budget
}

export interface ServicesContext {
  readonly options: ResolvedOptions
  readonly access: ProviderAccess
  /** Signs entries; absent: they carry no signature. */
  readonly signingKey: string | undefined
  readonly clock: Clock
  /** The proxies of the environment. */
  readonly findProxy: FindProxy
  onWarning(message: string): void
}

/** Opens the directory, the shared store, the budget and the encoder. Reads and sends nothing yet. */
export function openServices(context: ServicesContext): Services {
  const { options, clock, onWarning } = context
  const { cacheDir, renditionsDir, limits } = options
  return {
    originals: openOriginals(context),
    renditions: createRenditions({
      cacheDir: renditionsDir,
      pixels: limits.pixels,
      sourcePixels: limits.sourcePixels,
      onWarning,
    }),
    budget: openBudget({ cacheDir, limits: limitsOf(options), clock, onWarning }),
  }
}

function limitsOf({ budget: { prices, ...limits } }: ResolvedOptions): Limits {
  return { ...limits, unknownCost: dearestPrice(prices) }
}

function openOriginals({
  options,
  access,
  signingKey,
  clock,
  findProxy,
  onWarning,
}: ServicesContext): Originals {
  const { cacheDir: dir, limits, provider } = options
  const prove: ProvePicture = async file => {
    const { provePicture } = await import('../../../renditions/encode/prove-picture.ts')
    return provePicture(file, limits)
  }
  const shared = options.store && openSharedStore(options.store, { onWarning, findProxy })
  return createOriginals({
    dir,
    store: createOriginalStore({
      dir,
      onWarning,
      prove,
      ...(shared && { shared }),
      ...(signingKey !== undefined && { signer: createSigner(signingKey) }),
    }),
    leases: openLeases(dir, shared, onWarning),
    provider: () => access.openProvider(),
    createReader: access.createReader,
    prove,
    loadDecoder: loadSharp,
    retry: provider.retry,
    concurrency: provider.concurrency,
    others: Object.fromEntries(
      Object.entries(options.providers).map(([name, { retry, concurrency }]) => [
        name,
        { provider: () => access.openProvider(name), retry, concurrency },
      ]),
    ),
    clock,
    onWarning,
  })
}

/** Warm builds never reach the store, so they load no AWS SDK. */
function openSharedStore(
  { type: _, required, ...settings }: NonNullable<ResolvedOptions['store']>,
  { onWarning, findProxy }: Pick<ServicesContext, 'onWarning' | 'findProxy'>,
): SharedStore {
  const objects = deferObjects(s3Label(settings), async () => {
    const { createS3Objects } = await import('../../../originals/objects/s3/s3-objects.ts')
    return createS3Objects({ ...settings, findProxy })
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
