import path from 'node:path'
import { loadConfig } from '../config/load-config.ts'
import { mergeOptions, resolveOptions } from '../config/resolve-options.ts'
import { createPipeline } from '../pipeline/create-pipeline.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { CliContext, CommonFlags, Overrides } from './session.ts'

/**
 * Reads the configuration and opens a pipeline over it: flags win over the configuration file.
 * @throws ConfigError
 */
export async function openPipeline(
  { cwd, readVariable }: CliContext,
  flags: CommonFlags,
  { options: overrides = {}, adjust = options => options }: Overrides,
): Promise<Pipeline> {
  const root = path.resolve(cwd, flags.root ?? '.')
  const config = flags.config === undefined ? undefined : path.resolve(cwd, flags.config)
  const { options } = await loadConfig(root, config)
  // A root given as a flag is what the user sees; the configuration's would be relative to it.
  const merged = mergeOptions(
    options,
    flags.root === undefined ? overrides : { ...overrides, root },
  )
  return createPipeline(adjust(resolveOptions(merged, { readVariable, root })), { readVariable })
}
