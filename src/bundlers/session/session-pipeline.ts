import { describeRunCost } from '../../cost/describe-run-cost.ts'
import { type RunCost, sumCosts } from '../../cost/run-cost.ts'
import type { InternalPipeline } from '../../pipeline/pipeline.ts'
import { describePossiblyBilled } from '../../pipeline/run/describe-possibly-billed.ts'
import type { ProjectLocation } from './project-location.ts'
import { createProgressTeller } from './tell-progress.ts'

/** The pipeline of a plugin instance: opened at the first need, and anew for another configuration. */
export interface SessionPipeline {
  current(): Promise<InternalPipeline>
  /** What pipelines warned of since the last call. */
  takeWarnings(): readonly string[]
  /** What their runs cost since the last call, as sentences; undefined when nothing is known of it. */
  takeCost(): string | undefined
  /** Closes what was opened; {@link current} opens another one. */
  close(): Promise<void>
}

/** @param open opens a pipeline over the project where it lies now */
export function createSessionPipeline(
  location: ProjectLocation,
  open: () => Promise<InternalPipeline>,
): SessionPipeline {
  let opened: Promise<InternalPipeline> | undefined
  let warnings: string[] = []
  let costs: RunCost[] = []
  /** State of the configuration that the pipeline was opened with. */
  let configuredWith: string | undefined
  /** Work that is under way in them is still good. */
  const replaced: Promise<InternalPipeline>[] = []

  async function openListening(): Promise<InternalPipeline> {
    const pipeline = await open()
    pipeline.on(createProgressTeller())
    pipeline.on(event => {
      if (event.type === 'warning') warnings.push(event.message)
      if (event.type !== 'run-end') return
      if (event.report.cost) costs.push(event.report.cost)
      if (event.report.possiblyBilledTwice > 0) {
        warnings.push(describePossiblyBilled(event.report.possiblyBilledTwice))
      }
    })
    return pipeline
  }

  return {
    async current() {
      const { state } = await location.find()
      if (opened && state !== configuredWith) {
        replaced.push(opened)
        opened = undefined
      }
      configuredWith = state
      opened ??= openListening().catch(error => {
        // A configuration that is mended while watching gets another chance.
        opened = undefined
        throw error
      })
      return opened
    },
    takeWarnings() {
      const taken = warnings
      warnings = []
      return taken
    },
    takeCost() {
      const cost = sumCosts(costs)
      costs = []
      return cost && describeRunCost(cost)
    },
    async close() {
      const closing = opened ? [...replaced.splice(0), opened] : replaced.splice(0)
      opened = undefined
      await Promise.all(closing.map(async pipeline => (await pipeline).close()))
    },
  }
}
