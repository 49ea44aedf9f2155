import { setMaxListeners } from 'node:events'
import type { ReadVariable } from '../../config/environment.ts'
import type { ResolvedOptions } from '../../config/options.ts'
import { createProxyRules } from '../../config/proxy-rules.ts'
import type { ManifestParser } from '../../manifest/manifest-parser.ts'
import type { Clock } from '../../system/clock.ts'
import type { ResolvedModule } from '../pipeline.ts'
import { createFixedNames, type FixedNames } from '../project/fixed-names.ts'
import type { CacheSight } from '../project/other-caches.ts'
import { createProjectParser } from '../project/read-images.ts'
import { type Cancellations, createCancellations } from '../run/cancellations.ts'
import type { SentReferenceContext } from '../run/original-as-reference.ts'
import { createEventHub, type EventHub } from './event-hub.ts'
import { openServices, type Services } from './services/open-services.ts'
import { createProviderAccess, type ProviderAccess } from './services/provider-access.ts'
import { chooseRenditionsDir } from './services/renditions-dir.ts'
import { createShippedOriginals, type ShippedOriginals } from './services/shipped-originals.ts'

export interface PipelineContext {
  /** Reads the API key and the like. */
  readonly readVariable: ReadVariable
  readonly clock: Clock
  /** Absent: no other cache is looked for. */
  readonly sight?: CacheSight
  /** @default the API that the options name */
  readonly access?: ProviderAccess
}

/** Everything that one pipeline holds; its verbs are functions of it. */
export interface PipelineState extends Services {
  readonly options: ResolvedOptions
  readonly events: EventHub
  readonly access: ProviderAccess
  readonly sight: CacheSight | undefined
  /** How originals become what other images refer to. */
  readonly references: SentReferenceContext
  /** Kept from run to run, so that only edited manifests are parsed again. */
  readonly parse: ManifestParser
  readonly fixedNames: FixedNames
  readonly cancellations: Cancellations
  /** The originals that packages ship for their images. */
  readonly shipped: ShippedOriginals
  /** Modules under way, by the manifest's absolute path. */
  readonly modules: Map<string, Promise<ResolvedModule>>
  /** Work that closing waits for. */
  readonly running: Set<Promise<unknown>>
  /** Gives up what is under way. */
  readonly abort: AbortController
  /** Ends waits, and leaves requests alone that were sent. */
  readonly stopping: AbortController
  /** Runs under way: what stops one of them stops the others, and no later one. */
  runs: number
  closed: boolean
}

/** Opens what a pipeline works with. Reads and sends nothing yet. */
export function createPipelineState(
  given: ResolvedOptions,
  { readVariable, clock, sight, access: givenAccess }: PipelineContext,
): PipelineState {
  const events = createEventHub()
  const onWarning = (message: string): void => events.emit({ type: 'warning', message })
  const { folder: renditionsDir, warning } = chooseRenditionsDir(given)
  if (warning !== undefined) events.emitToNext({ type: 'warning', message: warning })
  const options = { ...given, renditionsDir }
  const access = givenAccess ?? createProviderAccess(options, readVariable)
  const signingKey = readVariable('IMAGEGEN_SIGNING_KEY')
  const abort = new AbortController()
  // Every image under way listens to it, and there may be more than Node takes for a leak.
  setMaxListeners(0, abort.signal)
  const services = openServices({
    options,
    access,
    signingKey,
    clock,
    findProxy: createProxyRules(readVariable),
    onWarning,
  })
  return {
    ...services,
    options,
    events,
    access,
    sight,
    references: {
      originals: services.originals,
      async toPng(original) {
        const { convertToPng } = await import('../../renditions/encode/convert-to-png.ts')
        return convertToPng(original, options.limits)
      },
    },
    parse: createProjectParser(options),
    fixedNames: createFixedNames(options.root),
    cancellations: createCancellations(),
    shipped: createShippedOriginals(options, onWarning),
    modules: new Map(),
    running: new Set(),
    abort,
    stopping: new AbortController(),
    runs: 0,
    closed: false,
  }
}

/** Lets closing wait for a piece of work. */
export function track<T>({ running }: PipelineState, work: Promise<T>): Promise<T> {
  const settled = work.catch(() => {}).finally(() => running.delete(settled))
  running.add(settled)
  return work
}

/** Resolves once nothing is under way any more. */
export async function untilIdle({ running }: PipelineState): Promise<void> {
  while (running.size > 0) await Promise.all(running)
}
