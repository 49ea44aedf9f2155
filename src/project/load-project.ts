import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { loadConfig } from '../config/load-config.ts'
import type { Options } from '../config/options.ts'
import { parseOptions } from '../config/parse-options.ts'
import { mergeOptions } from '../config/resolve-options.ts'
import { type FoundProject, findProject, type ProjectStart } from './find-project.ts'

export interface LoadedProject {
  readonly found: FoundProject
  /** Options of the configuration file alone. */
  readonly given: Options
  /** Of the configuration file, with those at hand laid over them; `root` is an absolute path, with links followed. */
  readonly options: Options & { readonly root: string }
  /** Whether somebody wrote it down, rather than that it was found. */
  readonly isRootWritten: boolean
}

/**
 * Finds the project and reads its configuration.
 * @param inline the plugin's options, or what a command's flags say; they win
 * @throws ConfigError
 */
export async function loadProject(inline: Options, start: ProjectStart): Promise<LoadedProject> {
  parseOptions(inline)
  const found = await findProject(start, inline.root)
  const options = found.config === undefined ? {} : await loadConfig(found.config)
  const root =
    inline.root === undefined && options.root !== undefined && found.config !== undefined
      ? path.resolve(path.dirname(found.config), options.root)
      : found.root
  // Bundlers name files by the targets of links. A later step reports a missing folder.
  const real = await realpath(root).catch(() => root)
  const isRootWritten = (inline.root ?? options.root) !== undefined
  return {
    found,
    given: options,
    isRootWritten,
    options: { ...mergeOptions(options, inline), root: real },
  }
}
