import * as v from 'valibot'

/** Milliseconds that a budget is for: any 60 minutes. */
export const WINDOW = 3_600_000

/** Requests are counted by the minute, so that the ledger does not grow with their number. */
export const MINUTE = 60_000

/** One process and what it is about to request. */
export interface Holder {
  /** For messages. */
  readonly name: string
  /** Raised by each of its changes: one that stays the same for long belongs to a dead process. */
  readonly beat: number
  /** ISO 8601, of its last change. */
  readonly at: string
  /** Digests of what it reserved and did not request yet. */
  readonly reserved: readonly string[]
  /** What these are expected to cost, by their digest, where that is known. Older versions drop it. */
  readonly amounts?: Readonly<Record<string, number>>
}

/** Requests of a minute whose cost is known, and the sum of that. */
export interface SpentMinute {
  readonly requests: number
  readonly amount: number
}

/** The requests of one cache within the window, made and about to be made. */
export interface LedgerState {
  readonly version: 1
  /** Requests that were or may have been billed, by the number of the minute since 1970. */
  readonly counted: Readonly<Record<string, number>>
  /** What some or all of them cost, by the same minutes. Older versions drop it. */
  readonly spent?: Readonly<Record<string, SpentMinute>>
  readonly holders: Readonly<Record<string, Holder>>
  /** Names of the last changes, by which their makers see that they count. */
  readonly changes: readonly string[]
  /** ISO 8601. An earlier ledger was damaged: nobody knows what was requested before this. */
  readonly unknownBefore?: string
}

/** A request by its digest, and what it is expected to cost. */
export interface LedgerRequest {
  readonly name: string
  /** Absent where nothing says so. */
  readonly amount?: number
}

/** What counts against a budget. */
export interface Usage {
  /** Requests of the last 60 minutes that were or may have been billed. */
  readonly counted: number
  /** Requests that processes have announced. */
  readonly reserved: number
  /** What all of these cost or are expected to, as far as that is known. */
  readonly amount: number
  /** How many of them have no known cost. */
  readonly unpriced: number
  /** Whether there may have been more, because a ledger was damaged. */
  readonly unknown: boolean
  /** When the oldest request that counts leaves the window, in milliseconds since 1970. */
  readonly freesAt?: number
}

const whole = v.pipe(v.number(), v.integer(), v.minValue(0))
const amount = v.pipe(v.number(), v.finite(), v.minValue(0))
const minute = v.pipe(v.string(), v.regex(/^\d+$/))

const schema = v.object({
  version: v.literal(1),
  counted: v.record(minute, whole),
  spent: v.exactOptional(v.record(minute, v.object({ requests: whole, amount }))),
  holders: v.record(
    v.string(),
    v.object({
      name: v.string(),
      beat: whole,
      at: v.pipe(v.string(), v.isoTimestamp()),
      reserved: v.array(v.string()),
      amounts: v.exactOptional(v.record(v.string(), amount)),
    }),
  ),
  changes: v.array(v.string()),
  unknownBefore: v.exactOptional(v.pipe(v.string(), v.isoTimestamp())),
})

export const EMPTY_LEDGER: LedgerState = {
  version: 1,
  counted: {},
  holders: {},
  changes: [],
}

/** Gives `newer` for a ledger of a later version, and undefined for a text that is no ledger. */
export function parseLedger(text: string): LedgerState | 'newer' | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const parsed = v.safeParse(schema, value)
  if (parsed.success) return parsed.output
  const isNewer = v.is(v.object({ version: v.pipe(v.number(), v.minValue(2)) }), value)
  return isNewer ? 'newer' : undefined
}

/** Drops what no longer counts. A calendar that was set back by more than the window forgets. */
export function withoutPast(state: LedgerState, now: number): LedgerState {
  const { unknownBefore, spent, ...rest } = state
  const isRecent = (from: number, to: number): boolean => now - to < WINDOW && from - now < WINDOW
  const isRecentTime = (time: string): boolean => isRecent(Date.parse(time), Date.parse(time))
  const isRecentMinute = (_: unknown, minute: string): boolean =>
    isRecent(Number(minute) * MINUTE, (Number(minute) + 1) * MINUTE)
  return {
    ...rest,
    counted: filterRecord(state.counted, isRecentMinute),
    ...(spent && { spent: filterRecord(spent, isRecentMinute) }),
    // A holder without a sign of life for so long is dead, whether somebody watched or not.
    holders: filterRecord(state.holders, ({ at }) => isRecentTime(at)),
    ...(unknownBefore !== undefined && isRecentTime(unknownBefore) && { unknownBefore }),
  }
}

/** Leaves out holders that gave no sign of life for `silence` milliseconds, as far as calendars tell. */
export function withoutSilent(state: LedgerState, now: number, silence: number): LedgerState {
  const holders = filterRecord(state.holders, ({ at }) => now - Date.parse(at) < silence)
  return { ...state, holders }
}

export function withHolder(state: LedgerState, id: string, holder: Holder): LedgerState {
  return { ...state, holders: { ...state.holders, [id]: holder } }
}

export function withoutHolder(state: LedgerState, id: string): LedgerState {
  return { ...state, holders: filterRecord(state.holders, (_, other) => other !== id) }
}

export function filterRecord<T>(
  record: Readonly<Record<string, T>>,
  keep: (value: T, name: string) => boolean,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name, value]) => keep(value, name)))
}

export function mapRecord<T>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
