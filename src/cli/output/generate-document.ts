import { type RunCost, sumCosts } from '../../cost/run-cost.ts'
import type { ImageOutcome, RunReport } from '../../pipeline/events.ts'
import { codeOf, messageOf } from './error-output.ts'
import type { Problem } from './problem.ts'

/** What `imagegen generate --json` prints. */
export interface GenerateDocument {
  readonly version: 1
  readonly images: readonly {
    readonly manifest: string
    readonly name: string
    /** Set when another revision than the manifest's was requested. */
    readonly revision?: number
    readonly outcome: ImageOutcome['outcome']
    readonly seconds: number
    /** Requests sent for it by this run. */
    readonly attempts: number
    readonly possiblyBilledTwice: number
    /** Pixels and bytes of the original. */
    readonly width?: number
    readonly height?: number
    readonly bytes?: number
    /** What its answer cost, and what further attempts may have; in the currency of the summary. */
    readonly spent?: number
    readonly possiblyWasted?: number
    readonly error?: { readonly code: string; readonly message: string }
  }[]
  /** Faults of manifests, whose images are not listed. Only if there are any. */
  readonly faults?: readonly Problem[]
  readonly summary: {
    readonly generated: number
    readonly failed: number
    /** Of those, images whose request may have been billed. */
    readonly uncertain: number
    readonly requests: number
    readonly possiblyBilledTwice: number
    readonly waitedSeconds: number
    /** Absent when nothing says what anything costs. */
    readonly cost?: RunCost
  }
}

/** The reports of one command as the documented object. Pure. */
export function describeReports(
  reports: readonly RunReport[],
  faults: readonly Problem[],
): GenerateDocument {
  const outcomes = reports.flatMap(report => report.images)
  const cost = sumCosts(reports.flatMap(report => report.cost ?? []))
  const total = (field: 'requests' | 'possiblyBilledTwice' | 'waited') =>
    reports.reduce((sum, report) => sum + report[field], 0)
  return {
    version: 1,
    images: outcomes.map(describeOutcome),
    ...(faults.length > 0 && { faults }),
    summary: {
      generated: outcomes.filter(({ outcome }) => outcome === 'generated').length,
      failed: outcomes.filter(({ outcome }) => outcome === 'failed' || outcome === 'skipped')
        .length,
      uncertain: outcomes.filter(({ error }) => error && codeOf(error) === 'ATTEMPT_UNCERTAIN')
        .length,
      requests: total('requests'),
      possiblyBilledTwice: total('possiblyBilledTwice'),
      waitedSeconds: toSeconds(total('waited')),
      ...(cost && { cost }),
    },
  }
}

function describeOutcome(outcome: ImageOutcome): GenerateDocument['images'][number] {
  const { image, width, height, size, expenses, error } = outcome
  const { spent, possiblyWasted } = expenses
  return {
    manifest: image.manifest,
    name: image.name,
    ...(image.revision !== undefined && { revision: image.revision }),
    outcome: outcome.outcome,
    seconds: toSeconds(outcome.duration),
    attempts: outcome.attempts,
    possiblyBilledTwice: outcome.possiblyBilledTwice,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(size !== undefined && { bytes: size }),
    ...(spent > 0 && { spent }),
    ...(possiblyWasted > 0 && { possiblyWasted }),
    ...(error && { error: { code: codeOf(error), message: messageOf(error) } }),
  }
}

function toSeconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000
}
