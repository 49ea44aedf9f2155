import { BudgetError } from '../errors/budget-error.ts'
import { clockTime } from '../text/clock-time.ts'
import { formatAmount } from '../text/format-amount.ts'
import type { BudgetUsage, RunPlan } from './limits.ts'

/** What a run is expected to cost, and the most that it may. */
export interface RunAmount {
  readonly amount: number
  /** ISO 4217. */
  readonly currency: string
}

/** The run needs more of `budget.images` than is left. */
export function overWindow(plan: RunPlan, { used, limit, freesAt }: BudgetUsage): BudgetError {
  const left = Math.max(0, limit - used)
  const state =
    used === 0 ? '' : `, and ${left || 'none'} of them ${left === 1 ? 'is' : 'are'} left`
  return tooMany(
    plan,
    `\`budget.images\` allows ${limit} within 60 minutes, counted over all processes that use this cache${state}`,
    left > 0 && plan.requests.length > 1 ? fewer(plan) : untilOthersAreOld(freesAt),
  )
}

export function overRunLimit(plan: RunPlan, limit: number): BudgetError {
  return tooMany(plan, `--budget allows ${limit}`, limit > 0 ? fewer(plan) : undefined)
}

function tooMany({ requests, list }: RunPlan, allowed: string, otherwise?: string): BudgetError {
  const { length } = requests
  const images = length === 1 ? '1 image' : `${length} images`
  return new BudgetError(
    `This run would generate ${images}, but ${allowed}. Nothing was requested:\n${list}\nRun \`imagegen generate --budget ${length}\`, which raises the limit for that run alone${otherwise ? `, or ${otherwise}` : ''}.`,
  )
}

/** The run needs more of `budget.spend` than is left. */
export function overSpend(
  plan: RunPlan,
  { amount, currency }: RunAmount,
  { used, limit, freesAt }: BudgetUsage & NonNullable<BudgetUsage['spend']>,
): BudgetError {
  const left = Math.max(0, limit - used)
  const state =
    used === 0 ? '' : `, and ${left > 0 ? formatAmount(left, currency) : 'nothing'} of that is left`
  return tooDear(
    plan,
    { amount, currency },
    `\`budget.spend\` allows ${formatAmount(limit, currency)} within 60 minutes, counted over all processes that use this cache${state}`,
    left > 0 && plan.requests.length > 1 ? fewer(plan) : untilOthersAreOld(freesAt),
  )
}

export function overRunSpend(plan: RunPlan, run: RunAmount, limit: number): BudgetError {
  const allowed = `--spend allows ${formatAmount(limit, run.currency)}`
  return tooDear(plan, run, allowed, limit > 0 ? fewer(plan) : undefined)
}

function tooDear(
  { list }: RunPlan,
  { amount, currency }: RunAmount,
  allowed: string,
  otherwise: string | undefined,
): BudgetError {
  return new BudgetError(
    `This run would cost ${formatAmount(amount, currency)}, but ${allowed}. Nothing was requested:\n${list}\nRun \`imagegen generate --spend ${amount}\`, which raises the limit for that run alone${otherwise === undefined ? '' : `, or ${otherwise}`}.`,
  )
}

function fewer({ example }: RunPlan): string {
  return `generate fewer: \`imagegen generate ${example}\``
}

function untilOthersAreOld(freesAt: string | undefined): string {
  return `wait until earlier requests are an hour old${freesAt === undefined ? '' : `, the oldest at ${clockTime(freesAt)}`}`
}

/**
 * No further attempt may be made.
 * @param budget the limit, as a sentence goes on with it
 * @param flag what allows one more: `--budget 1`
 */
export function nothingLeft(subject: string, budget: string, flag: string): BudgetError {
  return new BudgetError(
    `${subject}: no further request was sent, because attempts that may have been billed have used up ${budget}. Run \`imagegen generate ${subject} ${flag}\` to go on.`,
  )
}
