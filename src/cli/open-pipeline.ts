import { openProject } from '../pipeline/open-pipeline.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { CliContext, CommonFlags, Overrides } from './session.ts'

/**
 * Finds the project from the working directory and opens a pipeline over it: flags win over the
 * configuration file.
 * @throws ConfigError
 */
export async function openPipeline(
  { cwd, readVariable }: CliContext,
  { root, config }: CommonFlags,
  { options = {}, adjust }: Overrides,
): Promise<Pipeline> {
  return openProject(root === undefined ? options : { ...options, root }, {
    start: cwd,
    readVariable,
    ...(config !== undefined && { config }),
    ...(adjust && { adjust }),
  })
}
