import { hasRoom } from '../../budget/limits.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import { neededSpend } from '../../pipeline/run/estimate-cost.ts'
import type { Generations } from './generations.ts'

/** Releases what the budget held back, once there is room for all of it. */
export interface BudgetWait {
  /** Something may be held back now. */
  begin(): void
  stop(): void
}

export interface BudgetWaitDeps {
  readonly pipeline: Pick<Pipeline, 'budget' | 'options'>
  readonly generations: Pick<Generations, 'heldForBudget' | 'releaseHeldForBudget'>
  /** Milliseconds between two checks of the budget, which other processes use too. */
  readonly interval: number
  onError(error: unknown): void
}

export function createBudgetWait({
  pipeline,
  generations,
  interval,
  onError,
}: BudgetWaitDeps): BudgetWait {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false

  function begin(): void {
    // Where only clicks request anything, the next click tries again.
    const waits = pipeline.options.dev.generate === 'auto' && generations.heldForBudget.length > 0
    if (!waits || timer || stopped) return
    timer = setTimeout(() => {
      check().catch(onError)
    }, interval)
    timer.unref()
  }

  async function check(): Promise<void> {
    try {
      const { heldForBudget } = generations
      const amount = neededSpend(heldForBudget, pipeline.options)
      const wanted = { requests: heldForBudget.length, amount }
      if (hasRoom(await pipeline.budget(), wanted)) generations.releaseHeldForBudget()
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
