import type { AnswerFacts } from '../../../provider/provider.ts'

/** Asked before each request of an order, so that what may be spent has its owner elsewhere. */
export interface Allowance {
  /**
   * Resolves when one more request may be sent, and counts it.
   * @throws BudgetError when none may
   */
  take(): Promise<Taken>
}

/** One request that counts as billed. */
export interface Taken {
  /** It was certainly not billed. */
  giveBack(): Promise<void>
  /** It was answered: what the answer said beside the picture may tell what it cost. */
  settle(facts: AnswerFacts): Promise<void>
}

/** The requests of one order, as they count. */
export interface RequestCounter {
  /** Called just before a request is sent. @throws BudgetError */
  begin(): Promise<void>
  /** What {@link begin} has counted last was not sent, or certainly not billed. Never rejects. */
  undo(): Promise<void>
  /** What {@link begin} has counted last was answered. Never rejects. */
  settle(facts: AnswerFacts): Promise<void>
}

/** @param warn told about requests that could not be given back: they go on counting */
export function createRequestCounter(
  allowance: Allowance | undefined,
  warn: (message: string) => void,
): RequestCounter {
  let last: Taken | undefined
  async function unlessFailed(step: Promise<void> | undefined, problem: string): Promise<void> {
    try {
      await step
    } catch (error) {
      warn(`${problem} ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return {
    async begin() {
      // The attempt before keeps its count, also where there is no room for this one.
      last = undefined
      last = await allowance?.take()
    },
    async undo() {
      const taken = last
      last = undefined
      await unlessFailed(
        taken?.giveBack(),
        'A request that was not billed still counts against the budget.',
      )
    },
    async settle(facts) {
      await unlessFailed(
        last?.settle(facts),
        'A request counts against the budget with its expected cost.',
      )
    },
  }
}
