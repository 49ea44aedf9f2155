import { isDeepStrictEqual } from 'node:util'
import type { Key } from '../../plan/image-request.ts'
import type { Clock } from '../../system/clock.ts'
import type { LeaseGenerations, LeaseRecord } from './lease-generations.ts'
import { LeaseLostError } from './lease-lost-error.ts'

/** The right to generate one key, held by one process. */
export interface Lease {
  /** Aborted when another process took the lease over: nothing more may be sent. */
  readonly lost: AbortSignal
  /** Request ID that a dead or finished holder had noted: an attempt of theirs may be under way or billed. */
  readonly inheritedRequestId: string | undefined
  /** The same of a holder on another machine, whose journal is not here. */
  readonly otherMachineRequestId?: string | undefined
  /**
   * Notes the request ID durably before the first attempt, for a process that takes over. When it
   * resolves, the lease was still held.
   * @throws LeaseLostError, StoreError
   */
  note(requestId: string): Promise<void>
  /** Gives the lease back, so that the next one need not wait. Never rejects. */
  release(how?: ReleaseOptions): Promise<void>
}

export interface ReleaseOptions {
  /** What became of every attempt is known: the noted request ID means nothing to the next holder. */
  readonly settled?: boolean
  /** The key has an original: its records may go. */
  readonly committed?: boolean
}

export interface LeaseDeps {
  readonly generations: LeaseGenerations
  /** Milliseconds without a sign of life after which a holder counts as dead. */
  readonly ttl: number
  /** Milliseconds between signs of life. */
  readonly heartbeat: number
  readonly clock: Clock
  /** Sleeps without keeping the process alive. */
  readonly sleepInBackground: Clock['sleep']
  /** Takes full sentences. */
  warn(message: string): void
}

/** A key, and the record that made a holder of this process. */
export interface HeldGeneration {
  readonly key: Key
  readonly number: number
  readonly record: LeaseRecord
}

interface LeaseState {
  readonly deps: LeaseDeps
  readonly held: HeldGeneration
  readonly lost: AbortController
  /** Aborted when the lease is lost or given back. */
  readonly ended: AbortController
  /** Of the last record of this holder. */
  number: number
  requestId: string | undefined
  /** When that record was written, by the clock. */
  refreshed: number
  /** The last refresh that was begun. */
  last: Promise<unknown>
}

/** Keeps a lease that was won alive until it is released or lost. */
export function holdLease(held: HeldGeneration, deps: LeaseDeps): Lease {
  const { number, record } = held
  const { requestId: inheritedRequestId } = record
  const state: LeaseState = {
    deps,
    held,
    lost: new AbortController(),
    ended: new AbortController(),
    number,
    requestId: inheritedRequestId,
    refreshed: deps.clock.now(),
    last: Promise.resolve(),
  }
  void beat(state)
  return {
    lost: state.lost.signal,
    inheritedRequestId,
    note(requestId) {
      state.requestId = requestId
      return refresh(state)
    },
    release: how => release(state, how),
  }
}

async function release(
  state: LeaseState,
  { settled = false, committed = false }: ReleaseOptions = {},
): Promise<void> {
  const { ended, deps, held } = state
  if (ended.signal.aborted) return
  ended.abort()
  if (settled || committed) state.requestId = undefined
  try {
    await refresh(state, { released: true })
    if (committed) await deps.generations.clear(held.key, [state.number - 1, state.number])
  } catch (error) {
    if (error instanceof LeaseLostError) return
    const why = error instanceof Error ? error.message : String(error)
    deps.warn(
      `The lease of ${held.key} could not be released. Other processes wait ${Math.round(deps.ttl / 1000)} s for it. ${why}`,
    )
  }
}

async function beat(state: LeaseState): Promise<void> {
  const { deps, ended, lost } = state
  const { clock, heartbeat, ttl } = deps
  while (!ended.signal.aborted) {
    try {
      await deps.sleepInBackground(heartbeat, ended.signal)
    } catch {
      return
    }
    const fault = await refreshInTime(state)
    const silence = clock.now() - state.refreshed
    if (fault !== undefined && !lost.signal.aborted && silence >= ttl - heartbeat) {
      lose(state, `this process did not renew its lease for ${Math.round(silence / 1000)} s`, fault)
    }
  }
}

/** A store that does not answer must not keep this holder from noticing that others think it dead. */
async function refreshInTime(state: LeaseState): Promise<unknown> {
  const { deps, ended } = state
  const { clock, heartbeat, ttl, sleepInBackground } = deps
  const done = new AbortController()
  const left = Math.max(heartbeat, ttl - heartbeat - (clock.now() - state.refreshed))
  const late = sleepInBackground(left, AbortSignal.any([done.signal, ended.signal])).then(
    () => new Error('The store did not answer in time.'),
    () => undefined,
  )
  const refreshing = refresh(state).then(
    () => undefined,
    (error: unknown) => error,
  )
  try {
    return await Promise.race([refreshing, late])
  } finally {
    done.abort()
  }
}

/** One at a time: each takes the next number. */
function refresh(state: LeaseState, change: { released?: true } = {}): Promise<void> {
  const refreshing = state.last.then(() => advance(state, change))
  state.last = refreshing.catch(() => undefined)
  return refreshing
}

async function advance(state: LeaseState, change: { released?: true }): Promise<void> {
  const { deps, held, lost } = state
  const { generations, clock } = deps
  const { key } = held
  const silent = 'this process did not renew its lease in time'
  lost.signal.throwIfAborted()
  const isOwnThere = (number: number) => generations.isThere(key, { number, record: held.record })
  if (!(await isOwnThere(state.number))) throw lose(state, silent)
  const record = nextRecord(state, change)
  while (!(await claimNext(state, record))) {
    // Ours, of an attempt that failed although it was written, with an older content.
  }
  const numbers = await generations.numbers(key)
  const { number } = state
  // A number that was free may have been cleared by a later holder, like our own one before it.
  if (!(await isOwnThere(number - 1))) {
    await generations.clear(key, [number])
    throw lose(state, silent)
  }
  // Or only cleaned up: then the later holder has a higher one, and cleans this one up as well.
  if (numbers.some(other => other > number)) throw lose(state, silent)
  state.refreshed = clock.now()
  // The predecessor stays: a folder that is listed while it changes may show neither of two.
  await generations.delete(
    key,
    numbers.filter(other => other < number - 1),
  )
}

function nextRecord(
  { deps, held, requestId }: LeaseState,
  change: { released?: true },
): LeaseRecord {
  const { token, holder } = held.record
  return {
    version: 1,
    token,
    holder,
    ...(requestId === undefined ? {} : { requestId }),
    ...change,
    at: deps.clock.date().toISOString(),
  }
}

/** False when the next number is taken by ourselves, with another content. */
async function claimNext(state: LeaseState, record: LeaseRecord): Promise<boolean> {
  const { deps, held } = state
  const next = state.number + 1
  if ((await deps.generations.create(held.key, next, record)) === 'stored') {
    state.number = next
    return true
  }
  const present = (await deps.generations.read(held.key, next))?.record
  if (present?.token !== held.record.token) {
    throw lose(state, `${present?.holder ?? 'another process'} took over`)
  }
  state.number = next
  return isDeepStrictEqual(present, record)
}

function lose(state: LeaseState, why: string, cause?: unknown): LeaseLostError {
  const error = new LeaseLostError(
    `The lease of ${state.held.key} went to another process: ${why}. This process sends no more requests for it.`,
    { cause },
  )
  state.ended.abort()
  state.lost.abort(error)
  return error
}
