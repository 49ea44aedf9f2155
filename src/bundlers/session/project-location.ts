import { stat } from 'node:fs/promises'
import path from 'node:path'
import { type FoundProject, findProject, type ProjectStart } from '../../project/find-project.ts'
import { followFile, followLink } from './linked-folder.ts'

/** Where the project of a plugin instance lies, which a host tells late and people may move. */
export interface ProjectLocation {
  /** Where the search for the project starts, after links. */
  readonly start: ProjectStart
  /**
   * Absolute paths of the host's root and, where it is known, of its configuration file.
   * @param environment the host's mode
   */
  moveTo(root: string, configFile?: string, environment?: string): void
  /** Searches once, and again after {@link recheck}. */
  find(): Promise<LocatedProject>
  recheck(): void
  /** Respells a file below a linked root as it is after the link. */
  locate(file: string): string
}

export interface LocatedProject extends FoundProject {
  /** Another after each change of the configuration. */
  readonly state: string
}

/** @param root the option of that name */
export function createProjectLocation(root: string | undefined): ProjectLocation {
  let host = resolveStart({ start: process.cwd() }, root)
  let project: Promise<LocatedProject> | undefined
  return {
    get start() {
      return host.start
    },
    moveTo(start, configFile, environment) {
      const base = configFile && { base: path.dirname(configFile) }
      host = resolveStart({ start, ...base, ...(environment && { environment }) }, root)
      project = undefined
    },
    find() {
      project ??= locateProject(host.start, root)
      return project
    },
    recheck() {
      project = undefined
    },
    locate: file => followFile(file, host.links),
  }
}

/** Where the search for the project starts, after links, and the links that lead there. */
function resolveStart({ start, base = start, ...rest }: ProjectStart, root: string | undefined) {
  const host = followLink(start)
  const links = root === undefined ? [host] : [host, followLink(path.resolve(base, root))]
  return { start: { ...rest, start: host.real, base: followLink(base).real }, links }
}

async function locateProject(
  start: ProjectStart,
  root: string | undefined,
): Promise<LocatedProject> {
  const found = await findProject(start, root)
  // One that goes in this moment is like none.
  const stats = found.config && (await stat(found.config).catch(() => undefined))
  const version = stats ? `${stats.mtimeMs} ${stats.size}` : 'none'
  return { ...found, state: `${found.root} ${found.config} ${version}` }
}
