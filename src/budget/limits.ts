import { sumAmounts } from '../cost/sum-amounts.ts'
import type { Usage } from './ledger-state.ts'

/** The most that may be requested from a cache within any 60 minutes. */
export interface Limits {
  readonly images: number
  /** In `currency`. Absent: whatever it costs. */
  readonly spend?: number
  /** ISO 4217. @default 'USD' */
  readonly currency?: string
  /** What a request counts as whose cost nobody knows, such as one of an older version. @default 0 */
  readonly unknownCost?: number
}

/** How much of a budget is used, by all processes on the cache. */
export interface BudgetUsage {
  /** Requests of the last 60 minutes that were or may have been billed, and those about to be sent. */
  readonly used: number
  /** `budget.images` */
  readonly limit: number
  /** What these cost or are expected to, and `budget.spend`. Absent without such a limit. */
  readonly spend?: { readonly used: number; readonly limit: number; readonly currency: string }
  /** ISO 8601: when the oldest of them is an hour old. Absent when none was sent. */
  readonly freesAt?: string
}

/** The requests that a run is about to send. */
export interface RunPlan {
  /** One name a request, the same in every process that would send it. */
  readonly requests: readonly string[]
  /** What requests are expected to cost, by their name, as far as that is known. */
  readonly amounts?: ReadonlyMap<string, number>
  /** Bounds this run alone, in place of the options' limit. */
  readonly limit?: number
  /** Bounds what this run alone may cost, in place of the options' `spend`. */
  readonly spend?: number
  /** Lines that name the images, for messages. */
  readonly list: string
  /** An image of the run, for messages. */
  readonly example: string
}

/** What a run is expected to cost, as far as that is known. */
export function amountOf({ requests, amounts }: RunPlan): number {
  return sumAmounts(requests.flatMap(request => amounts?.get(request) ?? []))
}

/** Which of the options' limits so much would exceed. A run's own limit stands in the place of one. */
export function findExceeded(
  usage: Usage,
  plan: RunPlan,
  { images, spend, unknownCost = 0 }: Limits,
): 'images' | 'spend' | undefined {
  const { counted, reserved, unknown } = usage
  if (plan.limit === undefined && (unknown || counted + reserved > images)) return 'images'
  if (spend === undefined || plan.spend !== undefined) return undefined
  return unknown || costOfUsage(usage, unknownCost) > spend ? 'spend' : undefined
}

function costOfUsage({ amount, unpriced }: Usage, unknownCost: number): number {
  return sumAmounts([amount, unpriced * unknownCost])
}

/** What the ledger holds, beside the limits. */
export function toBudgetUsage(usage: Usage, limits: Limits): BudgetUsage {
  const { freesAt } = usage
  const { images, spend, currency = 'USD', unknownCost = 0 } = limits
  const used = usage.counted + usage.reserved
  const cost = costOfUsage(usage, unknownCost)
  // An unknown usage counts as all of the limit.
  const atLeast = (known: number, limit: number) => (usage.unknown ? Math.max(limit, known) : known)
  return {
    used: atLeast(used, images),
    limit: images,
    ...(spend !== undefined && { spend: { used: atLeast(cost, spend), limit: spend, currency } }),
    ...(freesAt !== undefined && { freesAt: new Date(freesAt).toISOString() }),
  }
}

/** Whether requests that cost so much fit into what is left. */
export function hasRoom(
  { used, limit, spend }: BudgetUsage,
  { requests, amount }: { readonly requests: number; readonly amount: number },
): boolean {
  return used + requests <= limit && (!spend || sumAmounts([spend.used, amount]) <= spend.limit)
}
