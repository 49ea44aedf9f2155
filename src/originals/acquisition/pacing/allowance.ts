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
}

/** The requests of one order, as they count. */
export interface RequestCounter {
  /** Called just before a request is sent. @throws BudgetError */
  begin(): Promise<void>
  /** What {@link begin} has counted last was not sent, or certainly not billed. Never rejects. */
  undo(): Promise<void>
}

/** @param warn told about requests that could not be given back: they go on counting */
export function createRequestCounter(
  allowance: Allowance | undefined,
  warn: (message: string) => void,
): RequestCounter {
  let last: Taken | undefined
  return {
    async begin() {
      last = await allowance?.take()
    },
    async undo() {
      const taken = last
      last = undefined
      try {
        await taken?.giveBack()
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        warn(`A request that was not billed still counts against the budget. ${why}`)
      }
    },
  }
}
