import { describeRunCost } from '../../cost/describe-run-cost.ts'
import { type RunCost, sumCosts } from '../../cost/run-cost.ts'
import { formatImageId } from '../../manifest/image-id.ts'
import type { InternalPipeline } from '../../pipeline/pipeline.ts'
import { describePossiblyBilled } from '../../pipeline/run/describe-possibly-billed.ts'
import { shownText } from '../../text/shown-text.ts'
import type { ProjectLocation } from './project-location.ts'
import { createProgressTeller } from './tell-progress.ts'

/** The pipeline of a plugin instance: opened at the first need, and anew for another configuration. */
export interface SessionPipeline {
  current(): Promise<InternalPipeline>
  /** What pipelines warned of since the last call. */
  takeWarnings(): readonly string[]
  /** What their runs generated since the last call, and what it cost; undefined: nothing to tell. */
  takeOutcome(): string | undefined
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
  const generated = new Set<string>()
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
      for (const { image, outcome } of event.report.images) {
        if (outcome === 'generated') generated.add(formatImageId(image))
      }
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
    takeOutcome() {
      const cost = sumCosts(costs)
      const sentences = [describeGenerated([...generated].sort()), cost && describeRunCost(cost)]
      costs = []
      generated.clear()
      return sentences.filter(sentence => sentence !== undefined).join(' ') || undefined
    },
    async close() {
      const closing = opened ? [...replaced.splice(0), opened] : replaced.splice(0)
      opened = undefined
      await Promise.all(closing.map(async pipeline => (await pipeline).close()))
    },
  }
}

/** Names at most this many images. */
const NAMED = 5

function describeGenerated(images: readonly string[]): string | undefined {
  if (images.length === 0) return undefined
  const named = images.slice(0, NAMED).map(shownText).join(', ')
  const more = images.length > NAMED ? ` and ${images.length - NAMED} more` : ''
  return `Generated ${images.length === 1 ? '1 image' : `${images.length} images`}: ${named}${more}.`
}
