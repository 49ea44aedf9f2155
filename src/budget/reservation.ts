import { setTimeout as sleep } from 'node:timers/promises'
import {
  correctRequest,
  countRequest,
  requestsOf,
  reservedFields,
  uncountRequest,
  usageOf,
} from './ledger-counts.ts'
import type { LedgerFile } from './ledger-file.ts'
import {
  type LedgerRequest,
  type LedgerState,
  type Usage,
  withHolder,
  withoutHolder,
} from './ledger-state.ts'

/** Whether so much may be used. */
export type Fits = (usage: Usage) => boolean

/** There would be more than fits: how much is used without it. */
export interface Refused {
  readonly refused: Usage
}

/** A request that counts. */
export interface Counted {
  /** Takes the count back: the request was certainly not billed. It is reserved again. */
  takeBack(): Promise<void>
  /** Says what the request cost, in the place of what was expected. */
  correct(cost: number): Promise<void>
}

/** The requests one run is about to send. Given back by {@link release}, or when the process dies. */
export interface Reservation {
  /**
   * Turns the reservation of a request into a count; call it before the request is sent. One that
   * is not reserved (a further attempt, or one that others have requested meanwhile) has to fit.
   * @throws StoreError
   */
  count(request: LedgerRequest, fits: Fits): Promise<Counted | Refused>
  release(): Promise<void>
}

/** The holders of one process in a ledger. */
export interface Holders {
  readonly file: LedgerFile
  /** For people. */
  readonly name: string
  readonly heartbeat: number
  /** Their ids. */
  readonly open: Set<string>
  /** Somebody gives signs of life for all of them. */
  beating: boolean
  warn(message: string): void
}

/** A reservation that is in the ledger already. */
export function createReservation(holders: Holders, id: string): Reservation {
  const { file, open } = holders
  open.add(id)
  void keepBeating(holders)
  return {
    count: (request, fits) =>
      file.update<Counted | Refused>((state, now) => {
        const isMissing = open.has(id) && !state.holders[id]
        const present = isMissing ? hold(holders, state, { id, requests: [], now }) : state
        const counted = countRequest(present, request, now)
        const [before, after] = [usageOf(state), usageOf(counted)]
        const isReserved = total(after) <= total(before) && after.amount <= before.amount
        if (!isReserved && !fits(after)) return { state, value: { refused: before } }
        return { state: counted, value: createCounted(holders, { id, request, countedAt: now }) }
      }),
    async release() {
      open.delete(id)
      await file.update(state => ({
        state: state.holders[id] ? withoutHolder(state, id) : state,
        value: undefined,
      }))
    },
  }
}

/** A request that was counted, and by which holder. */
interface CountedRequest {
  readonly id: string
  readonly request: LedgerRequest
  readonly countedAt: number
}

function createCounted(holders: Holders, counted: CountedRequest): Counted {
  const { request, countedAt } = counted
  let { amount } = request
  const priced = () => ({ ...(amount !== undefined && { amount }) })
  return {
    takeBack: () => uncount(holders, counted, priced()),
    async correct(cost) {
      if (cost === amount) return
      await holders.file.update(state => ({
        state: correctRequest(state, priced(), { countedAt, cost }),
        value: undefined,
      }))
      amount = cost
    },
  }
}

async function keepBeating(holders: Holders): Promise<void> {
  const { file, open, heartbeat, warn } = holders
  if (holders.beating) return
  holders.beating = true
  while (open.size > 0) {
    await sleep(heartbeat, undefined, { ref: false })
    await file
      .update((state, now) => ({ state: beatAll(holders, state, now), value: undefined }))
      .catch((error: Error) => warn(error.message))
  }
  holders.beating = false
}

/** A holder that was taken for dead stays out: it reserves anew what it still wants. */
function beatAll(holders: Holders, state: LedgerState, now: number): LedgerState {
  const alive = [...holders.open].filter(id => state.holders[id])
  return alive.reduce((changed, id) => {
    const holder = changed.holders[id]
    return hold(holders, changed, { id, requests: holder ? requestsOf(holder) : [], now })
  }, state)
}

/** A sign of life of a holder, with the requests that it has reserved. */
export function hold(
  { name }: Holders,
  state: LedgerState,
  {
    id,
    requests,
    now,
  }: { readonly id: string; readonly requests: readonly LedgerRequest[]; readonly now: number },
): LedgerState {
  const beat = (state.holders[id]?.beat ?? 0) + 1
  const at = new Date(now).toISOString()
  return withHolder(state, id, { name, beat, at, ...reservedFields(requests) })
}

/** @param counted what the request counts as by now */
function uncount(
  holders: Holders,
  { id, request, countedAt }: CountedRequest,
  counted: Pick<LedgerRequest, 'amount'>,
): Promise<void> {
  return holders.file.update((state, now) => {
    const before = uncountRequest(state, counted, countedAt)
    if (!holders.open.has(id)) return { state: before, value: undefined }
    const holder = before.holders[id]
    const requests = [...(holder ? requestsOf(holder) : []), request]
    return { state: hold(holders, before, { id, requests, now }), value: undefined }
  })
}

function total({ counted, reserved }: Usage): number {
  return counted + reserved
}
