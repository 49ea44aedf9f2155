import { isDeepStrictEqual } from 'node:util'
import type { Key } from '../../plan/image-request.ts'
import type { Clock } from '../../system/clock.ts'
import type { LeaseGenerations, LeaseRecord } from './lease-generations.ts'
import { LeaseLostError } from './lease-lost-error.ts'

/** The right to buy one key, held by one process. */
export interface Lease {
  /** Aborted when somebody else took the lease over: whatever is still to be sent must not be sent. */
  readonly lost: AbortSignal
  /** Request ID that a dead or finished holder had noted: an attempt of theirs may be under way or billed. */
  readonly inheritedRequestId: string | undefined
  /** The same of a holder on another machine, whose journal is not here. */
  readonly otherMachineRequestId?: string | undefined
  /**
   * Notes the request ID durably before the first attempt, for whoever takes over. When it
   * resolves, the lease was still held.
   * @throws LeaseLostError, StoreError
   */
  note(requestId: string): Promise<void>
  /**
   * Gives the lease back, so that the next one need not wait. Never rejects.
   * @param how `settled`: what became of every attempt is known, so that the noted request ID means
   * nothing to whoever is next
   */
  release(how?: { readonly settled?: boolean }): Promise<void>
}

export interface HeldGeneration {
  readonly key: Key
  readonly number: number
  readonly token: string
  readonly holder: string
  readonly inheritedRequestId: string | undefined
}

export interface LeaseTiming {
  /** Milliseconds without a sign of life after which a holder counts as dead. */
  readonly ttl: number
  /** Milliseconds between signs of life. */
  readonly heartbeat: number
  readonly clock: Clock
  /** Sleeps without keeping the process alive. */
  readonly sleepInBackground: Clock['sleep']
}

/** Keeps a lease that was won alive until it is released or lost. */
export function holdLease(
  held: HeldGeneration,
  generations: LeaseGenerations,
  { ttl, heartbeat, clock, sleepInBackground }: LeaseTiming,
  warn: (message: string) => void,
): Lease {
  const { key, token, holder, inheritedRequestId } = held
  const lost = new AbortController()
  const ended = new AbortController()
  let number = held.number
  let requestId = inheritedRequestId
  let refreshed = clock.now()
  let last: Promise<unknown> = Promise.resolve()

  function lose(why: string, cause?: unknown): LeaseLostError {
    const error = new LeaseLostError(
      `The right to buy ${key} went to another process: ${why}. Nothing more is sent for it here.`,
      { cause },
    )
    ended.abort()
    lost.abort(error)
    return error
  }

  /** One at a time: each takes the next number. */
  function refresh(change: { released?: true } = {}): Promise<void> {
    const refreshing = last.then(() => advance(change))
    last = refreshing.catch(() => undefined)
    return refreshing
  }

  async function advance(change: { released?: true }): Promise<void> {
    lost.signal.throwIfAborted()
    const record: LeaseRecord = {
      version: 1,
      token,
      holder,
      ...(requestId === undefined ? {} : { requestId }),
      ...change,
      at: clock.date().toISOString(),
    }
    while (!(await claimNext(record))) {
      // Ours, of an attempt that failed although it was written, with an older content.
    }
    const numbers = await generations.numbers(key)
    // A number that was free may have been cleaned up by a later holder, who has a higher one.
    if (numbers.some(other => other > number)) throw lose('it gave no sign of life for too long')
    refreshed = clock.now()
    // The predecessor stays: a folder that is listed while it changes may show neither of two.
    await generations.delete(
      key,
      numbers.filter(other => other < number - 1),
    )
  }

  /** False when the next number is taken by ourselves, with another content. */
  async function claimNext(record: LeaseRecord): Promise<boolean> {
    const next = number + 1
    if ((await generations.create(key, next, record)) === 'stored') {
      number = next
      return true
    }
    const present = (await generations.read(key, next))?.record
    if (present?.token !== token) throw lose(`${present?.holder ?? 'somebody'} took over`)
    number = next
    return isDeepStrictEqual(present, record)
  }

  async function beat(): Promise<void> {
    while (!ended.signal.aborted) {
      try {
        await sleepInBackground(heartbeat, ended.signal)
      } catch {
        return
      }
      const fault = await refreshInTime()
      const silence = clock.now() - refreshed
      if (fault !== undefined && !lost.signal.aborted && silence >= ttl - heartbeat) {
        lose(`this one gave no sign of life for ${Math.round(silence / 1000)} s`, fault)
      }
    }
  }

  /** A store that does not answer must not keep this holder from noticing that others think it dead. */
  async function refreshInTime(): Promise<unknown> {
    const done = new AbortController()
    const left = Math.max(heartbeat, ttl - heartbeat - (clock.now() - refreshed))
    const late = sleepInBackground(left, AbortSignal.any([done.signal, ended.signal])).then(
      () => new Error('The store did not answer in time.'),
      () => undefined,
    )
    const refreshing = refresh().then(
      () => undefined,
      (error: unknown) => error,
    )
    try {
      return await Promise.race([refreshing, late])
    } finally {
      done.abort()
    }
  }

  void beat()

  return {
    lost: lost.signal,
    inheritedRequestId,

    note(id) {
      requestId = id
      return refresh()
    },

    async release({ settled = false } = {}) {
      if (ended.signal.aborted) return
      ended.abort()
      if (settled) requestId = undefined
      try {
        await refresh({ released: true })
      } catch (error) {
        if (error instanceof LeaseLostError) return
        const why = error instanceof Error ? error.message : String(error)
        warn(
          `The lease of ${key} could not be given back; others wait ${Math.round(ttl / 1000)} s for it. ${why}`,
        )
      }
    },
  }
}
