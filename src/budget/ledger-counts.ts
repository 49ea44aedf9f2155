import { sumAmounts } from '../cost/sum-amounts.ts'
import {
  filterRecord,
  type Holder,
  type LedgerRequest,
  type LedgerState,
  MINUTE,
  mapRecord,
  type Usage,
  WINDOW,
} from './ledger-state.ts'

/** Two processes that are about to request the same will request it once. */
export function usageOf({ counted, spent = {}, holders, unknownBefore }: LedgerState): Usage {
  const minutes = Object.keys(counted).map(Number)
  const requests = Object.values(counted).reduce((sum, requests) => sum + requests, 0)
  const priced = Object.values(spent).reduce((sum, { requests }) => sum + requests, 0)
  const reserved = reservedAmounts(Object.values(holders))
  const expected = [...reserved.values()].flatMap(amount => amount ?? [])
  return {
    ...(minutes.length > 0 && { freesAt: (Math.min(...minutes) + 1) * MINUTE + WINDOW }),
    counted: requests,
    reserved: reserved.size,
    amount: sumAmounts([...Object.values(spent).map(({ amount }) => amount), ...expected]),
    unpriced: Math.max(0, requests - priced) + reserved.size - expected.length,
    unknown: unknownBefore !== undefined,
  }
}

/** Every request that is reserved, with the highest amount that a holder expects. */
function reservedAmounts(holders: readonly Holder[]): ReadonlyMap<string, number | undefined> {
  const amounts = new Map<string, number | undefined>()
  for (const { name, amount } of holders.flatMap(requestsOf)) {
    const other = amounts.get(name)
    amounts.set(name, other === undefined ? amount : Math.max(other, amount ?? 0))
  }
  return amounts
}

/** What a holder has reserved. */
export function requestsOf({ reserved, amounts = {} }: Holder): readonly LedgerRequest[] {
  return reserved.map(name => {
    const amount = Object.hasOwn(amounts, name) ? amounts[name] : undefined
    return { name, ...(amount !== undefined && { amount }) }
  })
}

/** The fields of a {@link Holder} that say what it has reserved. Each request counts once. */
export function reservedFields(
  requests: readonly LedgerRequest[],
): Pick<Holder, 'reserved' | 'amounts'> {
  const priced = requests.filter(({ amount }) => amount !== undefined)
  return {
    reserved: [...new Set(requests.map(({ name }) => name))],
    ...(priced.length > 0 && {
      amounts: Object.fromEntries(priced.map(({ name, amount = 0 }) => [name, amount])),
    }),
  }
}

/** Turns the reservations of a request into one count: the other holders will adopt its original. */
export function countRequest(
  state: LedgerState,
  { name, amount }: LedgerRequest,
  now: number,
): LedgerState {
  const minute = String(Math.floor(now / MINUTE))
  const counted = { ...state.counted, [minute]: (state.counted[minute] ?? 0) + 1 }
  const holders = mapRecord(state.holders, holder => ({
    ...withoutReserved(holder),
    ...reservedFields(requestsOf(holder).filter(other => other.name !== name)),
  }))
  return addSpent({ ...state, counted, holders }, minute, { requests: 1, amount })
}

/** Takes back a count of {@link countRequest} at the same time. */
export function uncountRequest(
  state: LedgerState,
  { amount }: Pick<LedgerRequest, 'amount'>,
  countedAt: number,
): LedgerState {
  const minute = String(Math.floor(countedAt / MINUTE))
  const before = state.counted[minute]
  // It is past, or of a ledger that was replaced.
  if (before === undefined) return state
  const counted = filterRecord({ ...state.counted, [minute]: before - 1 }, requests => requests > 0)
  return addSpent({ ...state, counted }, minute, {
    requests: -1,
    amount: amount === undefined ? undefined : -amount,
  })
}

/** Puts what a request cost in the place of what {@link countRequest} expected. */
export function correctRequest(
  state: LedgerState,
  { amount }: Pick<LedgerRequest, 'amount'>,
  { countedAt, cost }: { readonly countedAt: number; readonly cost: number },
): LedgerState {
  const minute = String(Math.floor(countedAt / MINUTE))
  if (state.counted[minute] === undefined) return state
  return amount === undefined
    ? addSpent(state, minute, { requests: 1, amount: cost })
    : addSpent(state, minute, { requests: 0, amount: cost - amount })
}

/** Nothing for an amount that is not known, nor where an older version has dropped what stood there. */
function addSpent(
  state: LedgerState,
  minute: string,
  { requests, amount }: { readonly requests: number; readonly amount: number | undefined },
): LedgerState {
  const before = state.spent?.[minute]
  if (amount === undefined || (requests <= 0 && !before)) return state
  const spent = {
    requests: Math.max(0, (before?.requests ?? 0) + requests),
    amount: Math.max(0, sumAmounts([before?.amount ?? 0, amount])),
  }
  const all = filterRecord({ ...state.spent, [minute]: spent }, ({ requests }) => requests > 0)
  return { ...state, spent: all }
}

function withoutReserved({ amounts: _, ...holder }: Holder): Holder {
  return holder
}
