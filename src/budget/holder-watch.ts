import type { Clock } from '../system/clock.ts'
import type { LedgerState } from './ledger-state.ts'

/**
 * Tells holders that are alive from those that died with their reservations. Machines' calendars
 * are not compared: a holder is dead when it gave no sign of life for `ttl` of this process's own time.
 */
export interface HolderWatch {
  observe(state: LedgerState): void
  /** Leaves out holders that are dead. */
  withoutDead(state: LedgerState): LedgerState
  /** Leaves out holders that are dead or may be. */
  withoutUndecided(state: LedgerState): LedgerState
}

export interface HolderWatchOptions {
  readonly clock: Clock
  /** Milliseconds. */
  readonly ttl: number
  /** Whether a holder is of this process. */
  isOwn(id: string): boolean
}

interface Seen {
  readonly beat: number
  /** Milliseconds without another beat. */
  readonly silence: number
  readonly alive: boolean
}

/** A wait that took longer means that this process, and maybe the holder with it, was suspended. */
const LONGEST_STEP = 1_000

export function createHolderWatch({ clock, ttl, isOwn }: HolderWatchOptions): HolderWatch {
  const seen = new Map<string, Seen>()
  let looked = clock.now()

  function without(state: LedgerState, leaves: (id: string, beat: number) => boolean): LedgerState {
    const entries = Object.entries(state.holders)
    const kept = entries.filter(([id, { beat }]) => !leaves(id, beat))
    return kept.length === entries.length ? state : { ...state, holders: Object.fromEntries(kept) }
  }

  function isDead(id: string, beat: number): boolean {
    const last = seen.get(id)
    return last !== undefined && last.beat === beat && last.silence >= ttl
  }

  return {
    observe(state) {
      const step = Math.min(clock.now() - looked, LONGEST_STEP)
      looked = clock.now()
      for (const [id, { beat }] of Object.entries(state.holders)) {
        const last = seen.get(id)
        const isNews = last !== undefined && last.beat !== beat
        const silence = last && !isNews ? last.silence + step : 0
        seen.set(id, { beat, silence, alive: isNews || (last?.alive ?? false) })
      }
    },
    withoutDead: state => without(state, isDead),
    withoutUndecided: state =>
      without(state, (id, beat) => isDead(id, beat) || !(isOwn(id) || seen.get(id)?.alive)),
  }
}
