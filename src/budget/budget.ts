import { createHash } from 'node:crypto'
import { BudgetError } from '../errors/budget-error.ts'
import type { Allowance } from '../originals/acquisition/pacing/allowance.ts'
import { clockTime } from '../text/clock-time.ts'
import type { Counted, Fits, Ledger, Refused, Reservation } from './ledger.ts'
import type { Usage } from './ledger-state.ts'

/** The most that may be requested from a cache within any 60 minutes. */
export interface Limits {
  readonly images: number
}

/** How much of a budget is used, by all processes on the cache. */
export interface BudgetUsage {
  /** Requests of the last 60 minutes that were or may have been billed, and those about to be sent. */
  readonly used: number
  /** `budget.images` */
  readonly limit: number
  /** ISO 8601: when the oldest of them is an hour old. Absent when none was sent. */
  readonly freesAt?: string
}

/** The requests that a run is about to send. */
export interface RunPlan {
  /** One name a request, the same in every process that would send it. */
  readonly requests: readonly string[]
  /** Bounds this run alone, in place of the options' limit. */
  readonly limit?: number
  /** Lines that name the images, for messages. */
  readonly list: string
  /** An image of the run, for messages. */
  readonly example: string
}

/** The part of a budget that one run has reserved. */
export interface RunBudget {
  /**
   * @param request as in {@link RunPlan.requests}
   * @param subject of messages: `site.image.yaml#hero`
   */
  allowance(request: string, subject: string): Allowance
  /** Frees the reservations of requests that were not sent. */
  release(): Promise<void>
}

/** The one owner of `budget`: it decides what may be requested, for every face. */
export interface Budget {
  /** @throws StoreError when the ledger cannot be read */
  usage(): Promise<BudgetUsage>
  /**
   * Reserves all that a run may request, before its first request.
   * @throws BudgetError when that is more than what is left; StoreError; the signal's reason
   */
  reserve(plan: RunPlan, signal?: AbortSignal): Promise<RunBudget>
}

export function createBudget(ledger: Ledger, { images }: Limits): Budget {
  return {
    async usage() {
      return toBudgetUsage(await ledger.usage(), images)
    },

    async reserve(plan, signal) {
      const wanted = plan.requests.length
      if (plan.limit !== undefined && wanted > plan.limit) throw overRunLimit(plan, plan.limit)
      const fits: Fits = plan.limit === undefined ? usage => fitsWindow(usage, images) : () => true
      const reserved = await ledger.reserve(plan.requests.map(nameOf), fits, signal)
      if ('refused' in reserved) throw overWindow(plan, toBudgetUsage(reserved.refused, images))
      return createRunBudget(reserved, { ...plan, fits, images })
    },
  }
}

function createRunBudget(
  reservation: Reservation,
  {
    fits,
    limit,
    images,
  }: Pick<RunPlan, 'limit'> & { readonly fits: Fits; readonly images: number },
): RunBudget {
  let counted = 0

  async function count(request: string, subject: string): Promise<Counted> {
    if (limit !== undefined && counted >= limit) throw nothingLeft(subject, `--budget ${limit}`)
    counted += 1
    let result: Counted | Refused | undefined
    try {
      result = await reservation.count(nameOf(request), fits)
    } finally {
      if (!result || 'refused' in result) counted -= 1
    }
    if ('refused' in result) throw nothingLeft(subject, `\`budget.images\` (${images})`)
    return result
  }

  return {
    allowance: (request, subject) => ({
      async take() {
        const { takeBack } = await count(request, subject)
        return {
          async giveBack() {
            counted -= 1
            await takeBack()
          },
        }
      },
    }),
    release: () => reservation.release(),
  }
}

function fitsWindow(usage: Usage, images: number): boolean {
  return !usage.unknown && usage.counted + usage.reserved <= images
}

function toBudgetUsage(usage: Usage, limit: number): BudgetUsage {
  const { freesAt } = usage
  return {
    used: usedOf(usage, limit),
    limit,
    ...(freesAt !== undefined && { freesAt: new Date(freesAt).toISOString() }),
  }
}

/** An unknown usage counts as all of the limit. */
function usedOf({ counted, reserved, unknown }: Usage, limit: number): number {
  return unknown ? Math.max(limit, counted + reserved) : counted + reserved
}

/** Short: a ledger holds one for each request of a plan. */
function nameOf(request: string): string {
  return createHash('sha256').update(request).digest('base64url').slice(0, 10)
}

function overWindow(plan: RunPlan, { used, limit, freesAt }: BudgetUsage): BudgetError {
  const left = Math.max(0, limit - used)
  const state =
    used === 0 ? '' : `, and ${left || 'none'} of them ${left === 1 ? 'is' : 'are'} left`
  return tooMany(
    plan,
    `\`budget.images\` allows ${limit} within 60 minutes, for all processes on this cache${state}`,
    left > 0 && plan.requests.length > 1
      ? `generate fewer: \`imagegen generate ${plan.example}\``
      : `wait until others are an hour old${freesAt === undefined ? '' : `, the oldest at ${clockTime(freesAt)}`}`,
  )
}

function overRunLimit(plan: RunPlan, limit: number): BudgetError {
  const fewer = `generate fewer: \`imagegen generate ${plan.example}\``
  return tooMany(plan, `--budget allows ${limit}`, limit > 0 ? fewer : undefined)
}

function tooMany({ requests, list }: RunPlan, allowed: string, otherwise?: string): BudgetError {
  const { length } = requests
  const images = length === 1 ? '1 image' : `${length} images`
  return new BudgetError(
    `This run would generate ${images}, but ${allowed}. Nothing was requested:\n${list}\nRun \`imagegen generate --budget ${length}\`, which allows ${length} for that run alone${otherwise ? `, or ${otherwise}` : ''}.`,
  )
}

function nothingLeft(subject: string, budget: string): BudgetError {
  return new BudgetError(
    `${subject}: no further request was sent for it, because ${budget} is used up by attempts that may have been billed. Run \`imagegen generate ${subject} --budget 1\` to go on.`,
  )
}
