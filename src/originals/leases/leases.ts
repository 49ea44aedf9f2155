import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Key } from '../../plan/image-request.ts'
import { type Clock, systemClock } from '../../system/clock.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { holdLease, type Lease } from './lease.ts'
import { createLeaseGenerations, type LeaseGeneration } from './lease-generations.ts'

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
   * Milliseconds between two looks of a waiter: the first, and the longest.
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
 * The right to buy a key, as numbered records that are only ever added: the holder adds one as a
 * sign of life, a waiter that saw no new one for `ttl` of its own time adds one to take over, and
 * of several who try, one succeeds. Machines' calendars are never compared.
 */
export function createLeases(options: LeasesOptions): Leases {
  const { objects, prefix = 'leases', poll = [50, 500] } = options
  const holder = options.holder ?? `process ${process.pid} on ${hostname()}`
  const warn = options.onWarning ?? (() => undefined)
  const clock = options.clock ?? systemClock
  const generations = createLeaseGenerations(objects, prefix)
  const timing = {
    ttl: options.ttl ?? 12_000,
    heartbeat: options.heartbeat ?? 2_000,
    clock,
    sleepInBackground:
      options.sleepInBackground ??
      ((delay, signal) => sleep(delay, undefined, { ref: false, ...(signal && { signal }) })),
  }

  async function claim(key: Key, top: LeaseGeneration | undefined): Promise<Lease | undefined> {
    const number = (top?.number ?? 0) + 1
    const token = randomUUID()
    const inheritedRequestId = top?.record?.requestId
    const created = await generations.create(key, number, {
      version: 1,
      token,
      holder,
      ...(inheritedRequestId === undefined ? {} : { requestId: inheritedRequestId }),
      at: clock.date().toISOString(),
    })
    // The store may have taken it and lost the answer, hence the look at whose it is. What was
    // known of the highest number may be old by now, hence the look at all of them.
    const mine =
      created === 'stored' || (await generations.read(key, number))?.record?.token === token
    if (!mine) return undefined
    const numbers = await generations.numbers(key)
    if (numbers.some(other => other > number)) return undefined
    return holdLease({ key, number, token, holder, inheritedRequestId }, generations, timing, warn)
  }

  /** Waits until the key is free for the taking, and says after which generation. */
  async function untilFree(
    key: Key,
    { signal, arrived, onWait }: WaitOptions,
  ): Promise<{ after: LeaseGeneration | undefined } | 'arrived'> {
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
      } else if (silence >= timing.ttl) {
        return { after: top }
      }
      const who = top.record?.holder ?? 'another process'
      if (!told.has(top.record?.token ?? who)) onWait?.(who)
      told.add(top.record?.token ?? who)
      const before = clock.now()
      await clock.sleep(pause, signal)
      // A wait that took far longer than asked means that this process, and maybe the holder with
      // it, was suspended: such time says nothing about the holder.
      silence += Math.min(clock.now() - before, 2 * pause)
      pause = Math.min(pause * 1.5, longest)
      if (await arrived()) return 'arrived'
    }
  }

  return {
    async acquire(key, wait) {
      for (;;) {
        const free = await untilFree(key, wait)
        if (free === 'arrived') return undefined
        const lease = await claim(key, free.after)
        if (!lease) continue
        try {
          if (!(await wait.arrived())) return lease
        } catch (error) {
          await lease.release()
          throw error
        }
        await lease.release()
        return undefined
      }
    },
  }
}
