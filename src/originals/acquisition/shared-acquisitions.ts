import type { Key } from '../../plan/image-request.ts'
import type { Acquired, AcquireOptions, AcquireProgress, Order } from './order.ts'

/** How an acquisition learns that nobody wants it any longer, and reports to those who do. */
export interface Running {
  readonly signal: AbortSignal
  emit(progress: AcquireProgress): void
}

/** One acquisition a key. Whoever asks for a key on its way joins; when the last one leaves, it ends. */
export interface SharedAcquisitions {
  acquire(order: Order, options: AcquireOptions): Promise<Acquired>
  has(key: Key): boolean
  /** Resolves when every acquisition has come to its end. */
  ended(): Promise<void>
}

type Start = (order: Order, options: AcquireOptions, running: Running) => Promise<Acquired>

interface SharedAcquisition {
  readonly result: Promise<Acquired>
  readonly controller: AbortController
  readonly listeners: Set<Running['emit']>
  waiting: number
}

export function createSharedAcquisitions(start: Start): SharedAcquisitions {
  const running = new Map<Key, SharedAcquisition>()

  function begin(order: Order, options: AcquireOptions): SharedAcquisition {
    const controller = new AbortController()
    const listeners: SharedAcquisition['listeners'] = new Set()
    const result = start(order, options, {
      signal: controller.signal,
      emit: progress => {
        for (const listener of listeners) listener(progress)
      },
    }).finally(() => running.delete(order.key))
    const shared = { result, controller, listeners, waiting: 0 }
    running.set(order.key, shared)
    return shared
  }

  return {
    has: key => running.has(key),

    async acquire(order, options) {
      let shared = running.get(order.key)
      // Everybody has left this one: it ends, and another one begins.
      while (shared?.controller.signal.aborted) {
        await shared.result.catch(() => undefined)
        shared = running.get(order.key)
      }
      if (!shared) return join(begin(order, options), options)
      // The requests count for the caller that came first.
      const acquired = await join(shared, withoutCosts(options))
      const how = acquired.how === 'cached' ? 'cached' : 'adopted'
      return { ...acquired, how, attempts: 0, possiblyBilledTwice: 0, answers: [] }
    },

    async ended() {
      await Promise.allSettled([...running.values()].map(({ result }) => result))
    },
  }
}

async function join(
  shared: SharedAcquisition,
  { signal, onProgress }: AcquireOptions,
): Promise<Acquired> {
  shared.waiting += 1
  if (onProgress) shared.listeners.add(onProgress)
  let leave: (() => void) | undefined
  try {
    return await new Promise<Acquired>((done, fail) => {
      shared.result.then(done, fail)
      leave = () => {
        // The last caller to leave waits until the request under way is noted.
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

function withoutCosts({ onProgress, ...options }: AcquireOptions): AcquireOptions {
  if (!onProgress) return options
  return {
    ...options,
    onProgress: progress => {
      if (progress.type !== 'failed') onProgress(progress)
    },
  }
}
