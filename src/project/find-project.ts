import path from 'node:path'
import { CONFIG_NAMES } from '../config/config-names.ts'
import { type ChosenProject, chooseProject } from './choose-project.ts'
import { hasEntries, readFoldersUpwards } from './read-folders.ts'

/** Where somebody stands who asks for the project. */
export interface ProjectStart {
  /** Absolute path: the bundler's root, or the working directory. */
  readonly start: string
  /**
   * Absolute path of the folder that an explicit `root` is relative to: that of the bundler's
   * configuration file.
   * @default `start`
   */
  readonly base?: string
  /** Path of a configuration file, relative to `start`, instead of the one that is found. */
  readonly config?: string
  /** Which `.env.<environment>` files count: the bundler's mode, or what a flag says. */
  readonly environment?: string
  /**
   * A project is being set up: the nearest `package.json` of any kind counts, since whoever does
   * that stands in it.
   * @default false
   */
  readonly beginsHere?: boolean
}

export interface FoundProject extends ChosenProject {
  /** Absolute paths of configuration files that would count if they were made. */
  readonly missingConfigs: readonly string[]
}

/**
 * Finds the project of a bundler or a command, by names of files alone. Loads nothing.
 * @param explicitRoot what options or flags say; it wins over what is found
 */
export async function findProject(
  { start, base = start, config, beginsHere = false }: ProjectStart,
  explicitRoot?: string,
): Promise<FoundProject> {
  const root = explicitRoot === undefined ? undefined : await resolveRoot(explicitRoot, base, start)
  const chosen = chooseProject(await readFoldersUpwards(root ?? start), beginsHere)
  const named = config === undefined ? undefined : path.resolve(start, config)
  return {
    ...chosen,
    root: root ?? chosen.root,
    config: named ?? chosen.config,
    missingConfigs: named === undefined ? listMissingConfigs(chosen) : [],
  }
}

/** 0.1.0 took `root` relative to the bundler's root. Where it left a cache by that, it still counts. */
async function resolveRoot(root: string, base: string, start: string): Promise<string> {
  const named = path.resolve(base, root)
  const former = path.resolve(start, root)
  if (named === former || (await hasEntries(path.join(named, '.imagegen')))) return named
  return (await hasEntries(path.join(former, '.imagegen'))) ? former : named
}

function listMissingConfigs({ config, inSight }: ChosenProject): readonly string[] {
  const candidates = inSight.flatMap(folder => CONFIG_NAMES.map(name => path.join(folder, name)))
  return config === undefined ? candidates : candidates.slice(0, candidates.indexOf(config))
}
