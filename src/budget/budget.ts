import type { BudgetError } from '../errors/budget-error.ts'
import { overRunLimit, overRunSpend, overSpend, overWindow } from './budget-refusals.ts'
import type { Ledger } from './ledger.ts'
import type { Usage } from './ledger-state.ts'
import {
  amountOf,
  type BudgetUsage,
  findExceeded,
  type Limits,
  type RunPlan,
  toBudgetUsage,
} from './limits.ts'
import type { Fits } from './reservation.ts'
import { createRunBudget, type RunBudget, toLedgerRequest } from './run-budget.ts'

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

export function createBudget(ledger: Ledger, limits: Limits): Budget {
  return {
    async usage() {
      return toBudgetUsage(await ledger.usage(), limits)
    },

    async reserve(plan, signal) {
      checkRunLimits(plan, limits)
      const fits: Fits = usage => !findExceeded(usage, plan, limits)
      const requests = plan.requests.map(request => toLedgerRequest(request, plan))
      const reserved = await ledger.reserve(requests, fits, signal)
      if ('refused' in reserved) throw refuse(plan, limits, reserved.refused)
      return createRunBudget({ reservation: reserved, fits, plan, limits })
    },
  }
}

/** @throws BudgetError when the run is larger than its own limits */
function checkRunLimits(plan: RunPlan, { currency = 'USD' }: Limits): void {
  const { requests, limit, spend } = plan
  if (limit !== undefined && requests.length > limit) throw overRunLimit(plan, limit)
  const amount = amountOf(plan)
  if (spend !== undefined && amount > spend) throw overRunSpend(plan, { amount, currency }, spend)
}

/** Which limit does not hold the plan beside what is used already. */
function refuse(plan: RunPlan, limits: Limits, refused: Usage): BudgetError {
  const usage = toBudgetUsage(refused, limits)
  const { used, limit, spend } = usage
  const exceedsImages = plan.limit === undefined && used + plan.requests.length > limit
  if (exceedsImages || !spend) return overWindow(plan, usage)
  const { currency } = spend
  return overSpend(plan, { amount: amountOf(plan), currency }, { ...usage, ...spend })
}
