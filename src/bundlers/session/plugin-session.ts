import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Mode, Options } from '../../config/options.ts'
import { UnclaimedManifestError } from '../../errors/unclaimed-manifest-error.ts'
import type { InternalPipeline, ResolvedModule } from '../../pipeline/pipeline.ts'
import { describePossiblyBilled } from '../../pipeline/run/describe-possibly-billed.ts'
import { type FoundProject, findProject, type ProjectStart } from '../../project/find-project.ts'
import { projectPath } from '../../system/project-path.ts'
import { shownError, shownText } from '../../text/shown-text.ts'
import { followFile, followLink, type LinkedFolder } from './linked-folder.ts'

/**
 * Opens the pipeline of a plugin instance; handed in, so that loading the plugin loads no pipeline.
 * @param host the bundler's name
 */
export type OpenPipeline = (
  options: Options,
  start: ProjectStart,
  host: string,
) => Promise<InternalPipeline>

/**
 * What the hosts share: one pipeline for a plugin instance, opened at the first need. Whatever it
 * rejects with may be printed by a host as it is.
 */
export interface PluginSession {
  /**
   * Where the project is looked for. Has no effect once the pipeline is open.
   * @param root the bundler's root, an absolute path
   * @param configFile absolute path of the bundler's configuration file, where it is known
   */
  setRoot(root: string, configFile?: string): void
  pipeline(): Promise<InternalPipeline>
  /** Undefined while the configuration is faulty. */
  mode(): Promise<Mode | undefined>
  /**
   * Whether `include` and `exclude` leave this manifest to us. Takes an absolute path. With a
   * faulty configuration all are ours: its fault is told where a manifest is loaded.
   */
  selects(file: string): Promise<boolean>
  /** What to throw where a manifest is imported that no instance of the plugin selects. */
  unclaimed(file: string): Promise<UnclaimedManifestError>
  /**
   * A file as the rest of this interface takes it: hosts that keep symlinks name files below a
   * linked root by the link, all others by where it leads.
   */
  locate(file: string): string
  /** The module of a manifest, by absolute path. Afterwards {@link takeWarnings} has what was said. */
  resolve(file: string): Promise<ResolvedModule>
  /** Absolute paths to watch for a manifest that cannot be resolved. */
  watchFiles(file: string): Promise<readonly string[]>
  /** Absolute paths of `imagegen.config.*`: the one that is read, and those that would be if they were made. */
  configFiles(): Promise<ConfigFiles>
  /** Something changed on disk: a pipeline with other options takes over if it was the configuration. */
  recheckConfig(): void
  /** Warnings since the last call, among them what may have been billed in vain; each is handed out once. */
  takeWarnings(): readonly string[]
  /** A build begins: the pipeline stays open until as many builds have ended. */
  begin(): void
  /** A build ends; the last one closes the pipeline. */
  end(): Promise<void>
}

export interface ConfigFiles {
  /** Undefined when there is none. */
  readonly present: string | undefined
  readonly missing: readonly string[]
}

export function createPluginSession(
  options: Options,
  open: OpenPipeline,
  host: string,
): PluginSession {
  let { start, links } = readStart({ start: process.cwd() }, options)
  let builds = 0
  let opened: Promise<InternalPipeline> | undefined
  let warnings: string[] = []
  let project: Promise<ProjectState> | undefined
  /** What the open pipeline was configured with. */
  let configuredWith: string | undefined
  /** What was under way in them is still good. */
  const replaced: Promise<InternalPipeline>[] = []

  async function openPipeline(): Promise<InternalPipeline> {
    const pipeline = await open(options, start, host)
    pipeline.on(event => {
      if (event.type === 'warning') warnings.push(event.message)
      if (event.type === 'run-end' && event.report.possiblyBilledTwice > 0) {
        warnings.push(describePossiblyBilled(event.report.possiblyBilledTwice))
      }
    })
    return pipeline
  }

  function findOwnProject(): Promise<ProjectState> {
    project ??= readProjectState(start, options.root)
    return project
  }

  async function pipeline(): Promise<InternalPipeline> {
    const { state } = await findOwnProject()
    if (opened && state !== configuredWith) {
      replaced.push(opened)
      opened = undefined
    }
    configuredWith = state
    opened ??= openPipeline().catch(error => {
      // A configuration that is mended while watching gets another chance.
      opened = undefined
      throw error
    })
    return opened
  }

  async function withConfig(files: readonly string[]): Promise<readonly string[]> {
    const { config } = await findOwnProject()
    return config === undefined ? files : [...files, config]
  }

  function pipelineIfPossible(): Promise<InternalPipeline | undefined> {
    return pipeline().catch(() => undefined)
  }

  return {
    setRoot(root, configFile) {
      const written = { start: root, ...(configFile && { base: path.dirname(configFile) }) }
      ;({ start, links } = readStart(written, options))
      project = undefined
    },
    pipeline: () => shown(pipeline()),
    async mode() {
      return (await pipelineIfPossible())?.options.mode
    },
    async selects(file) {
      const open = await pipelineIfPossible()
      return open?.selects(path.normalize(file)) ?? true
    },
    async unclaimed(file) {
      const [{ options }, { explainUnselected }] = await Promise.all([
        shown(pipeline()),
        import('../../pipeline/project/explain-unselected.ts'),
      ])
      const name = projectPath(options.root, path.normalize(file))
      const reason = explainUnselected(path.normalize(file), options)
      return new UnclaimedManifestError(
        shownText(
          `${name} is imported, but no instance of the imagegen plugin takes it. ${reason}`,
        ),
      )
    },
    locate: file => followFile(file, links),
    async resolve(file) {
      const module = await shown(pipeline().then(open => open.resolveModule(path.normalize(file))))
      return { ...module, watchFiles: await withConfig(module.watchFiles) }
    },
    async watchFiles(file) {
      const open = await pipelineIfPossible()
      return withConfig((await open?.watchFilesOf(path.normalize(file))) ?? [])
    },
    async configFiles() {
      const { config, missingConfigs } = await shown(findOwnProject())
      return { present: config, missing: missingConfigs }
    },
    recheckConfig() {
      project = undefined
    },
    takeWarnings() {
      const taken = warnings
      warnings = []
      return taken
    },
    begin() {
      builds++
      project = undefined
    },
    async end() {
      builds = Math.max(0, builds - 1)
      if (builds > 0) return
      const closing = opened ? [...replaced.splice(0), opened] : replaced.splice(0)
      opened = undefined
      await shown(Promise.all(closing.map(async open => (await open).close())))
    },
  }
}

/** The same, rejecting with what a host may print. */
function shown<T>(promise: Promise<T>): Promise<T> {
  return promise.catch(error => {
    throw shownError(error)
  })
}

/** Where the project is looked for, after links, and the links that lead there. */
function readStart(
  { start, base = start }: ProjectStart,
  { root }: Options,
): { start: ProjectStart; links: readonly LinkedFolder[] } {
  const host = followLink(start)
  const folders = root === undefined ? [host] : [host, followLink(path.resolve(base, root))]
  return { start: { start: host.real, base: followLink(base).real }, links: folders }
}

interface ProjectState extends FoundProject {
  /** Another after each change of the configuration. */
  readonly state: string
}

async function readProjectState(
  start: ProjectStart,
  root: string | undefined,
): Promise<ProjectState> {
  const found = await findProject(start, root)
  // One that goes in this moment is like none.
  const stats = found.config && (await stat(found.config).catch(() => undefined))
  const version = stats ? `${stats.mtimeMs} ${stats.size}` : 'none'
  return { ...found, state: `${found.root} ${found.config} ${version}` }
}
