import type { AttemptCost } from './attempt-costs.ts'
import { sumAmounts } from './sum-amounts.ts'

/** What several requests came to. */
export interface CostSum {
  /** Requests that were sent. */
  readonly asked: number
  /** Whole answers that came. */
  readonly answered: number
  /** Answers that are pictures of the cache. */
  readonly kept: number
  /** Answers that were no usable picture. */
  readonly discarded: number
  /** What the answers cost, as far as that is known. */
  readonly spent: number
  /** Answers whose cost is not known. */
  readonly unpriced: number
  /** Requests without an answer that may have been billed. */
  readonly doubtful: number
  /** What these may have cost, as far as a price says. */
  readonly possiblyWasted: number
}

/** Adds requests up. Pure. */
export function sumAttempts(attempts: readonly AttemptCost[]): CostSum {
  const having = (...outcomes: readonly AttemptCost['outcome'][]) =>
    attempts.filter(({ outcome }) => outcomes.includes(outcome))
  const answered = having('kept', 'discarded', 'received')
  const doubtful = having('doubtful')
  const amountOf = (some: readonly AttemptCost[]) =>
    sumAmounts(some.flatMap(({ cost }) => cost ?? []))
  return {
    asked: attempts.length,
    answered: answered.length,
    kept: having('kept').length,
    discarded: having('discarded').length,
    spent: amountOf(answered),
    unpriced: answered.filter(({ cost }) => cost === undefined).length,
    doubtful: doubtful.length,
    possiblyWasted: amountOf(doubtful),
  }
}

/** The same by a name of each request, in the order of the names; without a name comes last. Pure. */
export function sumAttemptsBy(
  attempts: readonly AttemptCost[],
  nameOf: (attempt: AttemptCost) => string | undefined,
): ReadonlyMap<string | undefined, CostSum> {
  const groups = new Map<string | undefined, AttemptCost[]>()
  for (const attempt of attempts) {
    const name = nameOf(attempt)
    const group = groups.get(name) ?? []
    group.push(attempt)
    groups.set(name, group)
  }
  const named = [...groups.keys()].filter(name => name !== undefined).sort()
  const names = groups.has(undefined) ? [...named, undefined] : named
  return new Map(names.map(name => [name, sumAttempts(groups.get(name) ?? [])]))
}
