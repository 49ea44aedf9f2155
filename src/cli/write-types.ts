import type { Pipeline } from '../pipeline/pipeline.ts'
import type { Selection } from '../pipeline/project/selection.ts'
import { syncTypes } from '../pipeline/types/sync-types.ts'
import type { CliContext } from './command-session.ts'
import { messageOf } from './output/error-output.ts'

/**
 * Dimensions are known now, and `imagegen check` compares types too. Pictures that came are no less
 * there when a type file cannot be written, so that is a warning.
 */
export async function writeTypes(
  pipeline: Pipeline,
  { manifests }: Selection,
  { stderr }: CliContext,
): Promise<void> {
  try {
    await syncTypes(pipeline, { manifests: manifests ?? (await pipeline.discover()) })
  } catch (error) {
    stderr.write(
      `warning: The types could not be written: ${messageOf(error)}. Set \`types\` to false if nothing can be written here.\n`,
    )
  }
}
