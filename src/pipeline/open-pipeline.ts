import { type ReadVariable, readProcessVariable } from '../config/environment.ts'
import type { Options } from '../config/options.ts'
import { resolveOptions } from '../config/resolve-options.ts'
import { keyVariables, withEnvFiles } from '../project/env-files.ts'
import type { ProjectStart } from '../project/find-project.ts'
import { loadProject } from '../project/load-project.ts'
import { PRESETS } from '../provider/presets.ts'
import { createPipeline } from './engine/create-pipeline.ts'
import type { PipelineContext } from './engine/pipeline-state.ts'
import type { InternalPipeline, Pipeline } from './pipeline.ts'
import { cacheSightOf } from './project/other-caches.ts'
import { publicPipeline } from './public-pipeline.ts'
import { recordBuilds } from './record-builds.ts'

/** Where a pipeline is opened from. Plugin and command line have their own. */
export interface OpenContext {
  /**
   * The search for the project goes upwards from this folder; `root` is relative to it.
   * @default the working directory
   */
  readonly cwd?: string
  /** A configuration file, relative to `cwd`, instead of the `imagegen.config.*` that is found. */
  readonly config?: string
  /** Reads one variable of the environment. @default the process's */
  readonly readVariable?: ReadVariable
}

/**
 * Finds the project as plugin and command line do, reads its `imagegen.config.*`, lays the given
 * options over it, and opens a pipeline. Close it, or declare it with `await using`.
 * @throws ConfigError
 */
export async function openPipeline(
  options: Options = {},
  { cwd = process.cwd(), readVariable = readProcessVariable, ...context }: OpenContext = {},
): Promise<Pipeline> {
  return publicPipeline(await openProject(options, { ...context, start: cwd, readVariable }))
}

export interface OpenProjectContext
  extends ProjectStart,
    Partial<Pick<PipelineContext, 'access' | 'clock'>> {
  readonly readVariable: ReadVariable
}

/**
 * {@link openPipeline} for a plugin, which leaves a record of what it was opened with.
 * @param host the bundler
 * @throws ConfigError
 */
export async function openForPlugin(
  inline: Options,
  context: OpenProjectContext,
  host: string,
): Promise<InternalPipeline> {
  return recordBuilds(await openProject(inline, context), { host, start: context, inline })
}

/** {@link openPipeline} for this package and its tests: without the bounds of the programmatic API. */
export async function openProject(
  inline: Options,
  { readVariable: ofProcess, clock, access, ...start }: OpenProjectContext,
): Promise<InternalPipeline> {
  const project = await loadProject(inline, start)
  const { options } = project
  const readVariable = await withEnvFiles(ofProcess, {
    root: options.root,
    environment: start.environment,
    names: keyVariables(options, PRESETS),
  })
  const resolved = resolveOptions(options, { readVariable, presets: PRESETS, root: options.root })
  const sight = cacheSightOf(project)
  return createPipeline(resolved, {
    readVariable,
    sight,
    ...(clock && { clock }),
    ...(access && { access }),
  })
}
