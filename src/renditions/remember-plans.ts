import type { OutputSettings } from '../manifest/manifest.ts'
import type { RenditionPlan, RenditionSource } from './rendition.ts'

type PlanRenditions = (source: RenditionSource, output: OutputSettings) => RenditionPlan

/**
 * Plans once for each picture and each settings object: a development server with hundreds of images
 * plans the same files with every change, and each file's key is a digest.
 */
export function rememberPlans(plan: PlanRenditions): PlanRenditions {
  const known = new WeakMap<OutputSettings, Map<string, RenditionPlan>>()
  return (source, output) => {
    const plans = known.get(output) ?? new Map<string, RenditionPlan>()
    known.set(output, plans)
    const { path: _, ...rest } = source
    const name = JSON.stringify(rest)
    const planned = plans.get(name) ?? plan(source, output)
    plans.set(name, planned)
    return planned
  }
}
