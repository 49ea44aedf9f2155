import { join, resolve } from 'node:path'
import { PipelineClosedError, StoreError } from '../errors/index.ts'
import { formatImageId } from '../manifest/image-id.ts'
import type { Key } from '../plan/image-request.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import { acquireOriginal } from './acquisition/acquire-original.ts'
import {
  type Acquisition,
  type AcquisitionDeps,
  describeSpending,
} from './acquisition/acquisition.ts'
import { limitProofs } from './acquisition/limit-proofs.ts'
import type { Acquired } from './acquisition/order.ts'
import { createRequestCounter } from './acquisition/pacing/allowance.ts'
import { createAnswerQueue } from './acquisition/pacing/answer-queue.ts'
import { createChannels, type ProviderLimits } from './acquisition/pacing/channels.ts'
import { createCircuits } from './acquisition/pacing/circuits.ts'
import { createPreflight } from './acquisition/preflight.ts'
import { createSharedAcquisitions } from './acquisition/shared-acquisitions.ts'
import { createDecisions } from './decisions/decisions.ts'
import { readHistory } from './history.ts'
import { createJournal, type Journal } from './journal/journal.ts'
import { planResumption } from './journal/journal-record.ts'
import type { Leases } from './leases/leases.ts'
import type { ProvePicture } from './original.ts'
import { withAttempts } from './original-status.ts'
import type { Originals } from './originals.ts'
import { recheckQuarantine } from './recovery/recheck-quarantine.ts'
import { recoverAll } from './recovery/recover-all.ts'
import type { OriginalStore } from './store/original-store.ts'

export interface CreateOriginalsOptions extends ProviderLimits {
  /** The cache directory: the journal is kept in `local/journal` below it. */
  readonly dir: string
  readonly store: OriginalStore
  readonly leases: Leases
  /** Further providers, by name. */
  readonly others?: Readonly<Record<string, ProviderLimits>>
  /** Starts reading a raw answer. Needs no key: an answer on disk is read without one. */
  readonly createReader: AcquisitionDeps['createReader']
  readonly prove: ProvePicture
  /** Loads what {@link prove} needs, before anything is sent; rejects when it can't be loaded. */
  readonly loadDecoder?: () => Promise<unknown>
  readonly clock?: Clock
  /** A number in [0, 1). */
  readonly random?: () => number
  /** What concerns no order that is waited for, as full sentences. */
  readonly onWarning?: (message: string) => void
}

export function createOriginals(options: CreateOriginalsOptions): Originals {
  const { store, retry, others = {}, clock = systemClock } = options
  const { onWarning: warn = () => undefined } = options
  const channels = createChannels(options, others, clock)
  const deps = resolveDeps({ ...options, clock })
  const { journal } = deps
  const ended = new AbortController()
  let circuits = createCircuits()
  let closed = false
  let stopped: Error | undefined
  let orders = 0

  const acquisitions = createSharedAcquisitions(
    (order, { uncertain, again = false, allowance, waitSignal }, { signal, emit }) => {
      const { retry, ...channel } = channels.of(order.provider)
      const circuit = circuits.of(order.provider)
      return acquireAndTell({
        deps: { ...deps, ...channel },
        order,
        number: orders++,
        circuit,
        retry: { ...retry, ...(uncertain && { uncertain }) },
        again,
        signal,
        queueSignal: AbortSignal.any([
          signal,
          circuit.stopped,
          ...(waitSignal ? [waitSignal] : []),
        ]),
        ...(waitSignal && { waitSignal }),
        counts: { attempts: 0, waited: 0, doubtful: new Set(), answers: [] },
        counter: createRequestCounter(allowance, message => emit({ type: 'warning', message })),
        emit,
      })
    },
  )

  return {
    status: async key => withAttempts(journal, key, await store.status(key)),
    find: async wanted => withAttempts(journal, wanted.key, await store.find(wanted)),

    async acquire(order, acquireOptions = {}) {
      if (!closed) return acquisitions.acquire(order, acquireOptions)
      throw new PipelineClosedError(
        `${formatImageId(order.image)} was not requested, because the process is shutting down.`,
      )
    },

    ...(store.shared && { shared: store.shared }),
    verify: original => store.verify(original),
    // An order for the picture waits for its address more patiently.
    recover: signal =>
      recoverAll({
        ...deps,
        warn,
        providerOf: name => channels.of(name).provider,
        retry: { ...retry, delays: [] },
        ...(signal && { signal }),
      }),
    recheckQuarantine: recheck =>
      recheckQuarantine({ ...deps, warn }, { signal: circuits.stopped, ...recheck }),
    decisions: createDecisions({ ...deps, warn, signal: ended.signal }),
    list: () => store.list(),
    history: () => readHistory(deps),
    openKeys: () => findOpenKeys(journal),

    async remove(key) {
      if (acquisitions.has(key) || (await isOpen(journal, key))) {
        throw new StoreError(
          `The original ${key} is not removed, because its journal ${journal.folder(key)} shows an open request. Run \`imagegen generate\` first.`,
        )
      }
      await store.remove(key)
    },

    beginRun() {
      circuits = createCircuits()
      if (stopped) circuits.stop(stopped)
    },

    stop(reason) {
      stopped ??= reason
      ended.abort(reason)
      circuits.stop(stopped)
    },

    async close() {
      closed = true
      await acquisitions.ended()
      await channels.close()
    },
  }
}

/** What all acquisitions share, whichever provider they ask. */
function resolveDeps(
  options: CreateOriginalsOptions,
): Omit<AcquisitionDeps, 'provider' | 'admission' | 'pacer'> {
  const { store, leases, createReader, random = Math.random } = options
  const { clock = systemClock, loadDecoder = async () => undefined } = options
  const dir = resolve(options.dir)
  return {
    store,
    leases,
    createReader,
    clock,
    random,
    journal: createJournal(join(dir, 'local', 'journal'), clock),
    prove: limitProofs(options.prove, clock),
    preflight: createPreflight({ store, dir, loadDecoder }),
    answerQueue: createAnswerQueue(),
  }
}

/** The last thing that is told of an acquisition that failed is what it cost. */
async function acquireAndTell(acquisition: Acquisition): Promise<Acquired> {
  try {
    return await acquireOriginal(acquisition)
  } catch (error) {
    acquisition.emit({ type: 'failed', ...describeSpending(acquisition.counts) })
    throw error
  }
}

async function findOpenKeys(journal: Journal): Promise<ReadonlySet<Key>> {
  const open = new Set<Key>()
  for (const key of await journal.keys()) if (await isOpen(journal, key)) open.add(key)
  return open
}

/** Whether attempts at a key may have been billed without a picture to show for it. */
async function isOpen(journal: Journal, key: Key): Promise<boolean> {
  return planResumption(await journal.read(key)).unresolved.length > 0
}
