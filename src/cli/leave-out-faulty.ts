import { ManifestError } from '../errors/manifest-error.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { Selection } from '../pipeline/project/selection.ts'
import { messageOf } from './output/error-output.ts'
import type { OutputStream } from './terminal.ts'

export interface ReadableSelection {
  readonly selection: Selection
  /** Whether manifests were left out. The command then ends with 1. */
  readonly hasFaults: boolean
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
  if (selection.images) return { selection, hasFaults: false }
  const files = selection.manifests ?? (await pipeline.discover())
  const faults: ManifestError[] = []
  const readable: string[] = []
  for (const file of files) {
    const fault = await pipeline.manifest(file).then(() => undefined, asManifestError)
    if (fault) faults.push(fault)
    else readable.push(file)
  }
  if (faults.length === 0) return { selection, hasFaults: false }
  const all = new ManifestError(faults.flatMap(({ diagnostics }) => diagnostics))
  if (readable.length === 0) throw all
  errors.write(`error ${messageOf(all)}\n`)
  return { selection: { ...selection, manifests: readable }, hasFaults: true }
}

/** Other errors stop the command. */
function asManifestError(error: unknown): ManifestError {
  if (error instanceof ManifestError) return error
  throw error
}
