import { type Diagnostic, ManifestError } from '../errors/manifest-error.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { Selection } from '../pipeline/project/selection.ts'
import { messageOf } from './output/error-output.ts'
import { type Problem, problemsIn } from './output/problem.ts'
import type { OutputStream } from './terminal.ts'

export interface ReadableSelection {
  readonly selection: Selection
  /** Why manifests were left out. With any, the command ends with 1. */
  readonly faults: readonly Problem[]
}

/**
 * A selection without the manifests that have faults, which are told at once. Whoever names images
 * gets the faults of their manifests as errors.
 * @throws ManifestError when no manifest is left
 */
export async function leaveOutFaulty(
  pipeline: Pick<Pipeline, 'discover' | 'manifest'>,
  selection: Selection,
  errors: OutputStream,
): Promise<ReadableSelection> {
  if (selection.images) return { selection, faults: [] }
  const files = selection.manifests ?? (await pipeline.discover())
  const faulty: ManifestError[] = []
  const readable: string[] = []
  for (const file of files) {
    const fault = await pipeline.manifest(file).then(() => undefined, asManifestError)
    if (fault) faulty.push(fault)
    else readable.push(file)
  }
  if (faulty.length === 0) return { selection, faults: [] }
  const all = new ManifestError(uniqueFaults(faulty.flatMap(({ diagnostics }) => diagnostics)))
  if (readable.length === 0) throw all
  errors.write(`error ${messageOf(all)}\n`)
  return { selection: { ...selection, manifests: readable }, faults: problemsIn(all) }
}

/** A manifest that others extend has its faults in each of them. */
function uniqueFaults(faults: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(faults.map(fault => [JSON.stringify(fault), fault])).values()]
}

/** Other errors stop the command. */
function asManifestError(error: unknown): ManifestError {
  if (error instanceof ManifestError) return error
  throw error
}
