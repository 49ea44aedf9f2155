import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { Purchases } from './purchases.ts'

/** Takes up again what the budget held back, once there is room for all of it. */
export interface BudgetWait {
  /** Something may be held back now. */
  begin(): void
  stop(): void
}

export interface BudgetWaitParts {
  readonly pipeline: Pick<Pipeline, 'budget' | 'options'>
  readonly purchases: Pick<Purchases, 'heldForBudget' | 'releaseHeldForBudget'>
  /** Milliseconds between two looks at the budget, which other processes use as well. */
  readonly interval: number
  onError(error: unknown): void
}

export function createBudgetWait({
  pipeline,
  purchases,
  interval,
  onError,
}: BudgetWaitParts): BudgetWait {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false

  function begin(): void {
    // Where nothing is requested without a click, the next click tries again.
    const waits = pipeline.options.dev.generate === 'auto' && purchases.heldForBudget > 0
    if (!waits || timer || stopped) return
    timer = setTimeout(() => {
      check().catch(onError)
    }, interval)
    timer.unref()
  }

  async function check(): Promise<void> {
    try {
      const { used, limit } = await pipeline.budget()
      if (used + purchases.heldForBudget <= limit) purchases.releaseHeldForBudget()
    } finally {
      timer = undefined
      begin()
    }
  }

  return {
    begin,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
