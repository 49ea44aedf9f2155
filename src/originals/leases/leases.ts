import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Key } from '../../plan/image-request.ts'
import { type Clock, systemClock } from '../../system/clock.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { holdLease, type Lease, type LeaseDeps } from './lease.ts'
import {
  createLeaseGenerations,
  type LeaseGeneration,
  type LeaseRecord,
} from './lease-generations.ts'

export type { Lease } from './lease.ts'

export interface WaitOptions {
  readonly signal?: AbortSignal
  /** Asked now and then while waiting, and once more after winning: true ends the wait, because the original is there. */
  arrived(): Promise<boolean>
  /** Called once per holder that is waited for. */
  onWait?(holder: string): void
}

export interface Leases {
  /** Resolves with the lease, or with undefined when `arrived` said so first. */
  acquire(key: Key, options: WaitOptions): Promise<Lease | undefined>
}

export interface LeasesOptions {
  readonly objects: ObjectStore
  /** Of the objects' names. @default 'leases' */
  readonly prefix?: string
  /** As in {@link LeaseGenerationsOptions}. */
  readonly removeFolder?: (folder: string) => Promise<void>
  /**
   * Milliseconds without a sign of life after which a holder counts as dead.
   * @default 12_000
   */
  readonly ttl?: number
  /**
   * Milliseconds between a holder's signs of life.
   * @default 2_000
   */
  readonly heartbeat?: number
  /**
   * Milliseconds between two checks of a waiter: the first wait, and the longest.
   * @default [50, 500]
   */
  readonly poll?: readonly [first: number, longest: number]
  /** Who this process is, for messages of others. @default its number and the host's name */
  readonly holder?: string
  readonly clock?: Clock
  /** Sleeps without keeping the process alive. */
  readonly sleepInBackground?: Clock['sleep']
  /** Takes full sentences. */
  readonly onWarning?: (message: string) => void
}

/**
 * The right to generate a key, as numbered records that are only ever added: the holder adds one as
 * a sign of life, a waiter that saw no new one for `ttl` of its own time adds one to take over, and
 * of several who try, one succeeds. Machines' calendars are never compared.
 */
export function createLeases(options: LeasesOptions): Leases {
  const { poll = [50, 500], holder = `process ${process.pid} on ${hostname()}` } = options
  const deps = resolveDeps(options)
  return {
    async acquire(key, wait) {
      for (;;) {
        const free = await untilFree(key, wait, { ...deps, poll })
        if (free === 'arrived') return undefined
        const lease = await claim(key, free.after, { ...deps, holder })
        if (!lease) continue
        try {
          if (!(await wait.arrived())) return lease
        } catch (error) {
          await lease.release()
          throw error
        }
        await lease.release({ committed: true })
        return undefined
      }
    },
  }
}

function resolveDeps(options: LeasesOptions): LeaseDeps {
  const { objects, prefix = 'leases', removeFolder, ttl = 12_000, heartbeat = 2_000 } = options
  return {
    generations: createLeaseGenerations({ objects, prefix, removeFolder }),
    ttl,
    heartbeat,
    clock: options.clock ?? systemClock,
    sleepInBackground:
      options.sleepInBackground ??
      ((delay, signal) => sleep(delay, undefined, { ref: false, ...(signal && { signal }) })),
    warn: options.onWarning ?? (() => undefined),
  }
}

async function claim(
  key: Key,
  top: LeaseGeneration | undefined,
  { holder, ...deps }: LeaseDeps & { readonly holder: string },
): Promise<Lease | undefined> {
  const { generations, clock } = deps
  const number = (top?.number ?? 0) + 1
  const requestId = top?.record?.requestId
  const record: LeaseRecord = {
    version: 1,
    token: randomUUID(),
    holder,
    ...(requestId === undefined ? {} : { requestId }),
    at: clock.date().toISOString(),
  }
  const created = await generations.create(key, number, record)
  // The store may have taken it and lost the answer: then the record tells whose it is.
  const isMine =
    created === 'stored' || (await generations.read(key, number))?.record?.token === record.token
  if (!isMine) return undefined
  // What was known of the highest number may be old by now, so all of them are listed.
  const numbers = await generations.numbers(key)
  const isHighest = !numbers.some(other => other > number)
  const follows = !top || (await generations.isThere(key, top))
  const isIntact = follows && (await generations.isThere(key, { number, record }))
  if (isHighest && isIntact) return holdLease({ key, number, record }, deps)
  if (!isIntact) await generations.clear(key, [number])
  return undefined
}

/** Waits until the key is free for the taking, and says after which generation. */
async function untilFree(
  key: Key,
  { signal, arrived, onWait }: WaitOptions,
  { generations, clock, ttl, poll }: LeaseDeps & { readonly poll: readonly [number, number] },
): Promise<{ readonly after: LeaseGeneration | undefined } | 'arrived'> {
  const told = new Set<string>()
  const [first, longest] = poll
  let pause = first
  let seen: LeaseGeneration | undefined
  let silence = 0
  for (;;) {
    signal?.throwIfAborted()
    const top = await generations.highest(key, seen)
    if (!top || top.record?.released) return { after: top }
    if (top.number !== seen?.number) {
      seen = top
      silence = 0
    } else if (silence >= ttl) {
      return { after: top }
    }
    const { holder = 'another process', token = holder } = top.record ?? {}
    if (!told.has(token)) onWait?.(holder)
    told.add(token)
    const before = clock.now()
    await clock.sleep(pause, signal)
    // A wait that took far longer than asked means that this process, and maybe the holder with
    // it, was suspended: such time says nothing about the holder.
    silence += Math.min(clock.now() - before, 2 * pause)
    pause = Math.min(pause * 1.5, longest)
    if (await arrived()) return 'arrived'
  }
}
