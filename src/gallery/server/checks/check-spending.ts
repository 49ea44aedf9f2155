import { type BudgetUsage, hasRoom } from '../../../budget/limits.ts'
import type { DevImages } from '../../../dev/dev-images.ts'
import { neededSpend } from '../../../pipeline/run/estimate-cost.ts'
import type { PlannedImage } from '../../../plan/plan.ts'
import { clockTime } from '../../../text/clock-time.ts'
import { formatAmount } from '../../../text/format-amount.ts'
import { ActionRefusedError } from './action-refused-error.ts'

/**
 * For whoever clicked. The run that follows reserves what it needs.
 * @throws ActionRefusedError
 */
export async function checkSpending(
  wanted: readonly PlannedImage[],
  { pipeline }: Pick<DevImages, 'pipeline'>,
): Promise<void> {
  const refusal = await findSpendingRefusal(wanted, pipeline)
  if (refusal !== undefined) throw new ActionRefusedError(refusal)
}

/** Why images can't be requested now, as a sentence; undefined when they can. @throws StoreError */
export async function findSpendingRefusal(
  wanted: readonly PlannedImage[],
  pipeline: DevImages['pipeline'],
): Promise<string | undefined> {
  const refusal = pipeline.refusal()
  if (refusal !== undefined) return refusal
  const usage = await pipeline.budget()
  const amount = neededSpend(wanted, pipeline.options)
  if (hasRoom(usage, { requests: wanted.length, amount })) return undefined
  const { used, limit, spend, freesAt } = usage
  const wait = `Wait${freesAt === undefined ? '' : ` (the oldest is an hour old at ${clockTime(freesAt)})`}, or raise the budget.`
  if (used + wanted.length > limit || !spend) {
    return `This would generate ${wanted.length}, but \`budget.images\` allows ${limit} within 60 minutes, and ${used} of them are used. ${wait}`
  }
  return describeSpend(amount, spend, wait)
}

function describeSpend(
  amount: number,
  { used, limit, currency }: NonNullable<BudgetUsage['spend']>,
  wait: string,
): string {
  if (!Number.isFinite(amount)) {
    return '`budget.spend` bounds what is spent, and this picture has no price. Add it to `budget.prices`.'
  }
  return `This would cost ${formatAmount(amount, currency)}, but \`budget.spend\` allows ${formatAmount(limit, currency)} within 60 minutes, and ${formatAmount(used, currency)} of that are used. ${wait}`
}
