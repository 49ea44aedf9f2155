import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Clock } from '../system/clock.ts'
import { createHolderWatch } from './holder-watch.ts'
import { usageOf } from './ledger-counts.ts'
import type { LedgerFile } from './ledger-file.ts'
import { type LedgerRequest, type Usage, withoutSilent } from './ledger-state.ts'
import {
  createReservation,
  type Fits,
  type Holders,
  hold,
  type Refused,
  type Reservation,
} from './reservation.ts'

/** Counts what all processes request from one cache directory. */
export interface Ledger {
  /** For people: whether silent holders are dead is found out by {@link reserve}. @throws StoreError */
  usage(): Promise<Usage>
  /**
   * Reserves all of these requests or none. Before it refuses, it waits to see whether others that
   * hold reservations are alive.
   * @param requests each of a name that every process gives it
   * @throws StoreError, and the signal's reason
   */
  reserve(
    requests: readonly LedgerRequest[],
    fits: Fits,
    signal?: AbortSignal,
  ): Promise<Reservation | Refused>
}

export interface LedgerOptions {
  readonly file: LedgerFile
  readonly clock: Clock
  /** Takes full sentences. */
  readonly onWarning: (message: string) => void
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
}

/** Milliseconds between two checks of holders that may be dead. */
const POLL = 200

export function createLedger(options: LedgerOptions): Ledger {
  const { file, clock, ttl = 12_000, heartbeat = 2_000 } = options
  const holders: Holders = {
    file,
    name: `process ${process.pid} on ${hostname()}`,
    heartbeat,
    open: new Set(),
    beating: false,
    warn: options.onWarning,
  }
  return {
    async usage() {
      return usageOf(withoutSilent(await file.read(), clock.date().getTime(), ttl))
    },

    async reserve(requests, fits, signal) {
      const id = randomUUID()
      const { open } = holders
      const others = createHolderWatch({ clock, ttl, isOwn: other => open.has(other) })
      for (;;) {
        const granted = await file.update((state, now) => {
          const present = others.withoutDead(state)
          const reserved = hold(holders, present, { id, requests, now })
          if (fits(usageOf(reserved))) return { state: reserved, value: true }
          return { state: present, value: false }
        })
        if (granted) return createReservation(holders, id)
        const state = await file.read()
        const now = clock.date().getTime()
        const atBest = hold(holders, others.withoutUndecided(state), { id, requests, now })
        if (!fits(usageOf(atBest))) return { refused: usageOf(state) }
        await clock.sleep(POLL, signal)
        others.observe(await file.read())
      }
    },
  }
}
