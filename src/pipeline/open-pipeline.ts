import path from 'node:path'
import { type ReadVariable, readProcessVariable } from '../config/environment.ts'
import { loadConfig } from '../config/load-config.ts'
import type { Options } from '../config/options.ts'
import { mergeOptions, resolveOptions } from '../config/resolve-options.ts'
import { createPipeline } from './create-pipeline.ts'
import type { Pipeline } from './pipeline.ts'

export interface OpenContext {
  /**
   * Folder whose `imagegen.config.*` is read and that `root` is relative to.
   * @default the working directory
   */
  readonly cwd?: string
  /** A configuration file by name instead. */
  readonly config?: string
  readonly readVariable?: ReadVariable
}

/**
 * Reads `imagegen.config.*`, lays the given options over it, and opens a pipeline.
 * @throws ConfigError
 */
export async function openPipeline(
  options: Options = {},
  { cwd = process.cwd(), config, readVariable = readProcessVariable }: OpenContext = {},
): Promise<Pipeline> {
  const root = path.resolve(cwd, options.root ?? '.')
  const loaded = await loadConfig(root, config)
  const merged = mergeOptions(loaded.options, options)
  return createPipeline(resolveOptions(merged, { readVariable, root: cwd }), { readVariable })
}
