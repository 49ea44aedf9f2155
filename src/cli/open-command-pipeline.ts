import { realpath } from 'node:fs/promises'
import path from 'node:path'
import type { Options } from '../config/options.ts'
import { resolveOptions } from '../config/resolve-options.ts'
import { ConfigError } from '../errors/config-error.ts'
import { createPipeline } from '../pipeline/engine/create-pipeline.ts'
import type { InternalPipeline } from '../pipeline/pipeline.ts'
import { configState, readRecords, recordedOptions } from '../pipeline/project/build-record.ts'
import { findDifference, type OptionsDifference } from '../pipeline/project/find-difference.ts'
import { cacheSightOf } from '../pipeline/project/other-caches.ts'
import { keyVariables, withEnvFiles } from '../project/env-files.ts'
import type { ProjectStart } from '../project/find-project.ts'
import { type LoadedProject, loadProject } from '../project/load-project.ts'
import { PRESETS } from '../provider/presets.ts'
import type { CliContext, CommonFlags, Overrides } from './command-session.ts'

/**
 * Finds the project from the working directory and opens a pipeline over it: flags win over the
 * configuration file.
 * @throws ConfigError, also when the project's builds were made with other options
 */
export async function openCommandPipeline(
  context: CliContext,
  { root, config, env = 'development' }: CommonFlags,
  {
    options = {},
    adjust = resolved => resolved,
    whateverBuildsUse = false,
    beginsHere = false,
  }: Overrides,
): Promise<InternalPipeline> {
  const start: ProjectStart = {
    start: context.cwd,
    beginsHere,
    ...(config !== undefined && { config }),
  }
  const given: Options = root === undefined ? options : { ...options, root }
  const project = await loadProject(given, start)
  const readVariable = await withEnvFiles(context.readVariable, {
    root: project.options.root,
    environment: env,
    names: keyVariables(project.options, PRESETS),
  })
  const resolved = resolveOptions(project.options, {
    readVariable,
    presets: PRESETS,
    root: project.options.root,
  })
  if (!whateverBuildsUse) {
    const difference = findDifference(await readRecords(resolved.cacheDir), {
      project: await realpath(project.found.root).catch(() => project.found.root),
      config: await configState(project.found.config),
      given: project.given,
      resolved: recordedOptions(resolved),
    })
    if (difference) throw otherOptions(difference, project)
  }
  return createPipeline(adjust(resolved), { readVariable, sight: cacheSightOf(project) })
}

function otherOptions({ options, record }: OptionsDifference, { found }: LoadedProject) {
  const names = options.map(name => `\`${name}\``).join(', ')
  const file = found.config ?? path.join(found.root, 'imagegen.config.ts')
  return new ConfigError(
    `The plugin in ${record.host} (${record.start}) has other values for ${names} than this command, so the command would work on other files than builds do. Move these options to imagegen.config.ts (${file}), which both read. If the plugin no longer sets them, build once or delete ${record.file}.`,
  )
}
