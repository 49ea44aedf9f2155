import { join, resolve } from 'node:path'
import { PipelineClosedError, StoreError } from '../errors/index.ts'
import { formatImageId } from '../manifest/image-id.ts'
import type { Key } from '../plan/image-request.ts'
import type { AnswerReader, Provider } from '../provider/provider.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import { createLazy } from '../system/lazy.ts'
import { type AcquireDeps, acquireOriginal } from './acquisition/acquire-original.ts'
import type { Acquisition } from './acquisition/acquisition.ts'
import type { Acquired, AcquireOptions, AcquireProgress, Order } from './acquisition/order.ts'
import { createRequestCounter } from './acquisition/pacing/allowance.ts'
import { createAnswerQueue } from './acquisition/pacing/answer-queue.ts'
import { createCircuit } from './acquisition/pacing/circuit.ts'
import { createPacer } from './acquisition/pacing/pacer.ts'
import type { RetryPolicy } from './acquisition/pacing/retry-timing.ts'
import { createPreflight } from './acquisition/preflight.ts'
import { createJournal } from './journal/journal.ts'
import { findRefusal, planResumption } from './journal/journal-record.ts'
import type { Leases } from './leases/leases.ts'
import type { OriginalState, ProvePicture } from './original.ts'
import type { Originals } from './originals.ts'
import { recheckQuarantine } from './recovery/recheck-quarantine.ts'
import { recoverAll } from './recovery/recover-all.ts'
import type { OriginalStore, StoredStatus } from './store/original-store.ts'

export interface CreateOriginalsOptions {
  /** The cache directory: the journal is kept in `local/journal` below it. */
  readonly dir: string
  readonly store: OriginalStore
  readonly leases: Leases
  /** Called once, when something must be requested or downloaded; closed by {@link Originals.close}. */
  readonly provider: () => Promise<Provider>
  /** Starts reading a raw answer. Needs no key: an answer on disk is read without one. */
  readonly createReader: () => Promise<AnswerReader>
  readonly prove: ProvePicture
  /** Loads what {@link prove} needs, before anything is sent; rejects when it can't be loaded. */
  readonly loadDecoder?: () => Promise<unknown>
  readonly retry: RetryPolicy
  /** Requests under way at once. */
  readonly concurrency: number
  readonly clock?: Clock
  /** A number in [0, 1). */
  readonly random?: () => number
  /** What concerns no order that is waited for, as full sentences. */
  readonly onWarning?: (message: string) => void
}

/** A key on its way, and everybody who waits for it. */
interface Shared {
  readonly result: Promise<Acquired>
  readonly controller: AbortController
  readonly listeners: Set<(progress: AcquireProgress) => void>
  waiting: number
}

/**
 * Proofs at once. Decoders and file system share the four threads of libuv: while proofs had all
 * of them, the next requests waited for their journal records.
 */
const PROOFS = 1

export function createOriginals(options: CreateOriginalsOptions): Originals {
  const { store, leases, retry } = options
  const clock = options.clock ?? systemClock
  const warn = options.onWarning ?? (() => undefined)
  const journal = createJournal(join(resolve(options.dir), 'local', 'journal'), clock)
  const flights = new Map<Key, Shared>()
  let circuit = createCircuit()
  // A key that is missing now may be there on the next call.
  const openProvider = createLazy(options.provider)
  let closed = false
  let stopped: Error | undefined
  let orders = 0

  const parts: AcquireDeps = {
    store,
    leases,
    journal,
    prove: limitProofs(options.prove, clock),
    clock,
    provider: openProvider,
    createReader: options.createReader,
    preflight: createPreflight({
      store,
      dir: resolve(options.dir),
      loadDecoder: options.loadDecoder ?? (async () => undefined),
    }),
    pacer: createPacer(options.concurrency, clock),
    answerQueue: createAnswerQueue(),
    deck: createPacer(2 * options.concurrency, clock),
    random: options.random ?? Math.random,
  }

  function takeOff(order: Order, { uncertain, again = false, allowance }: AcquireOptions): Shared {
    const controller = new AbortController()
    const listeners: Shared['listeners'] = new Set()
    const emit = (progress: AcquireProgress): void => {
      for (const listener of listeners) listener(progress)
    }
    const flight: Acquisition = {
      order,
      number: orders++,
      circuit,
      retry: { ...retry, ...(uncertain && { uncertain }) },
      again,
      signal: controller.signal,
      queueSignal: AbortSignal.any([controller.signal, circuit.stopped]),
      counts: { attempts: 0, waited: 0, doubtful: new Set() },
      counter: createRequestCounter(allowance, message => emit({ type: 'warning', message })),
      emit,
    }
    const result = acquireOriginal(flight, parts)
      .catch(error => {
        const { attempts, waited, doubtful } = flight.counts
        flight.emit({ type: 'failed', attempts, waited, possiblyBilledTwice: doubtful.size })
        throw error
      })
      .finally(() => flights.delete(order.key))
    const shared = { result, controller, listeners, waiting: 0 }
    flights.set(order.key, shared)
    return shared
  }

  async function board(shared: Shared, { signal, onProgress }: AcquireOptions): Promise<Acquired> {
    shared.waiting += 1
    if (onProgress) shared.listeners.add(onProgress)
    let leave: (() => void) | undefined
    try {
      return await new Promise<Acquired>((done, fail) => {
        shared.result.then(done, fail)
        leave = () => {
          // The last one to leave waits for what is under way to be noted.
          if (shared.waiting === 1) shared.controller.abort(signal?.reason)
          else fail(signal?.reason)
        }
        if (signal?.aborted) leave()
        else signal?.addEventListener('abort', leave, { once: true })
      })
    } finally {
      shared.waiting -= 1
      if (onProgress) shared.listeners.delete(onProgress)
      if (leave) signal?.removeEventListener('abort', leave)
    }
  }

  async function withAttempts(key: Key, found: StoredStatus): Promise<OriginalState> {
    if (found.state === 'unusable') return { state: 'unusable', problem: found.problem }
    if (found.state !== 'missing') return found
    const attempts = await journal.read(key)
    const refusal = findRefusal(attempts)?.outcome
    if (refusal) return { state: 'refused', problem: refusal.problem }
    const { unresolved } = planResumption(attempts)
    const [first, last] = [unresolved[0], unresolved.at(-1)]
    const { problem } = attempts.at(-1)?.outcome ?? {}
    if (!first || !last) return { ...found, ...(problem !== undefined && { problem }) }
    if (last.outcome?.outcome === 'unusable') {
      return { state: 'unusable', problem: last.outcome.problem }
    }
    return {
      state: 'uncertain',
      requestId: last.record.requestId,
      attempts: unresolved.length,
      since: first.record.time,
      ...(problem !== undefined && { problem }),
    }
  }

  return {
    status: async key => withAttempts(key, await store.status(key)),
    find: async wanted => withAttempts(wanted.key, await store.find(wanted)),

    async acquire(order, acquireOptions = {}) {
      if (closed) {
        throw new PipelineClosedError(
          `${formatImageId(order.image)} was not asked for, because everything is being shut down.`,
        )
      }
      let joined = flights.get(order.key)
      // Given up by everybody before: it ends, and another one begins.
      while (joined?.controller.signal.aborted) {
        await joined.result.catch(() => undefined)
        joined = flights.get(order.key)
      }
      if (!joined) {
        return board(takeOff(order, acquireOptions), acquireOptions)
      }
      // The requests count for whoever came first.
      const acquired = await board(joined, withoutCosts(acquireOptions))
      const how = acquired.how === 'cached' ? 'cached' : 'adopted'
      return { ...acquired, how, attempts: 0, possiblyBilledTwice: 0 }
    },

    ...(store.shared && { shared: store.shared }),
    verify: original => store.verify(original),
    // Whoever wants the picture waits for its address more patiently.
    recover: signal =>
      recoverAll({
        ...parts,
        warn,
        retry: { ...retry, delays: [] },
        ...(signal && { signal }),
      }),
    recheckQuarantine: judging =>
      recheckQuarantine({ ...parts, warn }, { signal: circuit.stopped, ...judging }),
    list: () => store.list(),

    async openKeys() {
      const open = new Set<Key>()
      for (const key of await journal.keys()) {
        if (planResumption(await journal.read(key)).unresolved.length > 0) open.add(key)
      }
      return open
    },

    async remove(key) {
      const { unresolved } = planResumption(await journal.read(key))
      if (flights.has(key) || unresolved.length > 0) {
        throw new StoreError(
          `The original ${key} is not removed: the journal ${journal.folder(key)} says that it is being bought. Run \`imagegen generate\` first.`,
        )
      }
      await store.remove(key)
    },

    beginRun() {
      circuit = createCircuit()
      if (stopped) circuit.stop(stopped)
    },

    stop(reason) {
      stopped ??= reason
      circuit.stop(stopped)
    },

    async close() {
      closed = true
      await Promise.allSettled([...flights.values()].map(({ result }) => result))
      const provider = await openProvider.begun()?.catch(() => undefined)
      await provider?.close()
    },
  }
}

function withoutCosts({ onProgress, ...options }: AcquireOptions): AcquireOptions {
  if (!onProgress) return options
  return {
    ...options,
    onProgress: progress => {
      if (progress.type !== 'failed') onProgress(progress)
    },
  }
}

/** A decoder can't be stopped, but nobody has to wait for it. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  const ended = new AbortController()
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true, signal: ended.signal })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    ended.abort()
  }
}

function limitProofs(prove: ProvePicture, clock: Clock): ProvePicture {
  const queue = createPacer(PROOFS, clock)
  return async (file, signal) => {
    const slot = await queue.enter(signal)
    try {
      return await untilAborted(prove(file, signal), signal)
    } finally {
      slot.release()
    }
  }
}
