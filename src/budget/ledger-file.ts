import { randomBytes } from 'node:crypto'
import { StoreError } from '../errors/store-error.ts'
import type { Clock } from '../system/clock.ts'
import { EMPTY_LEDGER, type LedgerState, parseLedger, WINDOW, withoutPast } from './ledger-state.ts'
import type { StateFile } from './state-file.ts'

/**
 * Gives the next state, and a value for its maker. Pure: it is called again when another process
 * was faster. Giving the same state changes nothing.
 * @param now milliseconds since 1970
 */
export type Change<T> = (
  state: LedgerState,
  now: number,
) => { readonly state: LedgerState; readonly value: T }

/** The ledger of a cache directory, as one process reads and changes it. */
export interface LedgerFile {
  /** @throws StoreError */
  read(): Promise<LedgerState>
  /**
   * Resolves when the change is durable. Changes that are asked for at once are written at once.
   * @throws StoreError
   */
  update<T>(change: Change<T>): Promise<T>
}

export interface LedgerFileOptions {
  readonly file: StateFile
  readonly clock: Clock
  /** Takes full sentences. */
  readonly onWarning: (message: string) => void
}

interface Pending {
  apply(state: LedgerState, now: number): LedgerState
  done(): void
  fail(error: unknown): void
}

interface Loaded {
  /** Of the newest version; 0 when there is none. */
  readonly number: number
  readonly state: LedgerState
  readonly damaged: boolean
}

/** Changes that are remembered: more than others make between a change and the check after it. */
const REMEMBERED = 64

export function createLedgerFile({ file, clock, onWarning }: LedgerFileOptions): LedgerFile {
  let pending: Pending[] = []
  let writing = false
  let told = false

  async function load(): Promise<Loaded> {
    const newest = await file.newest()
    if (!newest) return { number: 0, state: EMPTY_LEDGER, damaged: false }
    const state = parseLedger(newest.text)
    if (state === 'newer') {
      throw new StoreError(
        `The ledger ${file.label} was written by a newer version of unplugin-imagegen. Update unplugin-imagegen here too.`,
      )
    }
    if (state) return { number: newest.number, state, damaged: false }
    if (!told) onWarning(describeDamage(file.label))
    told = true
    const unknownBefore = clock.date().toISOString()
    return { number: newest.number, state: { ...EMPTY_LEDGER, unknownBefore }, damaged: true }
  }

  async function write(batch: readonly Pending[]): Promise<void> {
    const name = randomBytes(6).toString('base64url')
    for (;;) {
      const { number, state, damaged } = await load()
      if (state.changes.includes(name)) {
        await file.tidy(number)
        return
      }
      const now = clock.date().getTime()
      const before = withoutPast(state, now)
      const after = batch.reduce((changed, change) => change.apply(changed, now), before)
      // A damaged ledger is replaced, or its usage would stay unknown for ever.
      if (after === before && !damaged) return
      const changes = [...state.changes.slice(1 - REMEMBERED), name]
      await file.add({ number: number + 1, text: JSON.stringify({ ...after, changes }) })
    }
  }

  async function writeAll(): Promise<void> {
    if (writing) return
    writing = true
    while (pending.length > 0) {
      const batch = pending
      pending = []
      try {
        await write(batch)
        for (const { done } of batch) done()
      } catch (error) {
        for (const { fail } of batch) fail(error)
      }
    }
    writing = false
  }

  return {
    async read() {
      const { state } = await load()
      return withoutPast(state, clock.date().getTime())
    },
    update<T>(change: Change<T>): Promise<T> {
      return new Promise((resolve, reject) => {
        let value: T
        pending.push({
          apply(state, now) {
            const changed = change(state, now)
            value = changed.value
            return changed.state
          },
          done: () => resolve(value),
          fail: reject,
        })
        void writeAll()
      })
    },
  }
}

function describeDamage(label: string): string {
  return `The ledger ${label} is damaged, so the number of requests is unknown for the last ${WINDOW / 60_000} minutes. Until then the budget counts as used up; \`imagegen generate --budget N\` generates N images anyway.`
}
