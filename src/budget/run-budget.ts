import { createHash } from 'node:crypto'
import { sumAmounts } from '../cost/sum-amounts.ts'
import type { Allowance, Taken } from '../originals/acquisition/pacing/allowance.ts'
import type { AnswerFacts } from '../provider/provider.ts'
import { formatAmount } from '../text/format-amount.ts'
import { nothingLeft } from './budget-refusals.ts'
import type { LedgerRequest, Usage } from './ledger-state.ts'
import type { Limits, RunPlan } from './limits.ts'
import type { Counted, Fits, Refused, Reservation } from './reservation.ts'

/** The part of a budget that one run has reserved. */
export interface RunBudget {
  /**
   * @param request as in {@link RunPlan.requests}
   * @param subject of messages: `site.image.yaml#hero`
   * @param costOf what an answer cost, when it says so
   */
  allowance(
    request: string,
    subject: string,
    costOf?: (facts: AnswerFacts) => number | undefined,
  ): Allowance
  /** Frees the reservations of requests that were not sent. */
  release(): Promise<void>
}

/** What the attempts of one run count as. */
interface RunState {
  readonly reservation: Reservation
  readonly fits: Fits
  readonly plan: RunPlan
  readonly limits: Limits
  counted: number
  spent: number
}

export function createRunBudget(given: Omit<RunState, 'counted' | 'spent'>): RunBudget {
  const run: RunState = { ...given, counted: 0, spent: 0 }
  return {
    allowance: (request, subject, costOf) => ({
      async take() {
        const { amount = 0 } = toLedgerRequest(request, run.plan)
        const counted = await count(run, request, subject)
        return createTaken(run, { counted, amount, ...(costOf && { costOf }) })
      },
    }),
    release: () => run.reservation.release(),
  }
}

interface TakenRequest {
  readonly counted: Counted
  /** What it is expected to cost. */
  readonly amount: number
  readonly costOf?: (facts: AnswerFacts) => number | undefined
}

function createTaken(run: RunState, { counted, amount, costOf }: TakenRequest): Taken {
  let expected = amount
  const isBounded = run.plan.spend !== undefined || run.limits.spend !== undefined
  return {
    async giveBack() {
      run.counted -= 1
      run.spent -= expected
      await counted.takeBack()
    },
    async settle(facts) {
      const cost = costOf?.(facts)
      // Where nothing bounds it, nobody waits for another write.
      if (cost === undefined || !isBounded) return
      run.spent += cost - expected
      expected = cost
      await counted.correct(cost)
    },
  }
}

/** @throws BudgetError */
async function count(run: RunState, request: string, subject: string): Promise<Counted> {
  const { reservation, fits, plan } = run
  const ledgerRequest = toLedgerRequest(request, plan)
  const { amount = 0 } = ledgerRequest
  checkRunLeft(run, amount, subject)
  run.counted += 1
  run.spent += amount
  let result: Counted | Refused | undefined
  try {
    result = await reservation.count(ledgerRequest, fits)
  } finally {
    if (!result || 'refused' in result) {
      run.counted -= 1
      run.spent -= amount
    }
  }
  if ('refused' in result) throw refuseAttempt(run, amount, result.refused, subject)
  return result
}

/** @throws BudgetError when the run's own limits hold no further attempt */
function checkRunLeft(
  { plan: { limit, spend }, limits: { currency = 'USD' }, counted, spent }: RunState,
  amount: number,
  subject: string,
): void {
  if (limit !== undefined && counted >= limit) {
    throw nothingLeft(subject, `--budget ${limit}`, '--budget 1')
  }
  if (spend !== undefined && sumAmounts([spent, amount]) > spend) {
    throw nothingLeft(subject, `--spend ${formatAmount(spend, currency)}`, `--spend ${amount}`)
  }
}

function refuseAttempt(
  { plan, limits }: RunState,
  amount: number,
  { counted, reserved, unknown }: Usage,
  subject: string,
) {
  const { images, spend, currency = 'USD' } = limits
  const exceedsImages = plan.limit === undefined && (unknown || counted + reserved + 1 > images)
  return exceedsImages || spend === undefined
    ? nothingLeft(subject, `\`budget.images\` (${images})`, '--budget 1')
    : nothingLeft(
        subject,
        `\`budget.spend\` (${formatAmount(spend, currency)})`,
        `--spend ${amount}`,
      )
}

/** A request of a plan as the ledger knows it. */
export function toLedgerRequest(request: string, { amounts }: RunPlan): LedgerRequest {
  const amount = amounts?.get(request)
  return { name: digestOfName(request), ...(amount !== undefined && { amount }) }
}

/** Short: a ledger holds one for each request of a plan. */
function digestOfName(request: string): string {
  return createHash('sha256').update(request).digest('base64url').slice(0, 10)
}
