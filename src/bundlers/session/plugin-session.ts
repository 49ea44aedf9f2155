import path from 'node:path'
import type { Mode, Options } from '../../config/options.ts'
import { UnclaimedManifestError } from '../../errors/unclaimed-manifest-error.ts'
import type { FileOrigin } from '../../module/image-template.ts'
import type { InternalPipeline, ResolvedModule } from '../../pipeline/pipeline.ts'
import type { ProjectStart } from '../../project/find-project.ts'
import { projectPath } from '../../system/project-path.ts'
import { shownText } from '../../text/shown-text.ts'
import { plainError } from './plain-error.ts'
import { createProjectLocation } from './project-location.ts'
import { createSessionPipeline } from './session-pipeline.ts'

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
 * What the hosts share: one pipeline for a plugin instance, opened at the first need. A host may
 * print its errors as they are.
 */
export interface PluginSession {
  /**
   * The search for the project starts here. Has no effect once the pipeline is open.
   * @param root the bundler's root, an absolute path
   * @param configFile absolute path of the bundler's configuration file, where it is known
   */
  setRoot(root: string, configFile?: string, environment?: string): void
  pipeline(): Promise<InternalPipeline>
  /** Undefined while the configuration is faulty. */
  mode(): Promise<Mode | undefined>
  /**
   * Whether `include` and `exclude` leave this manifest to us. Takes an absolute path. With a
   * faulty configuration all are ours: its fault is told where a manifest is loaded.
   */
  selects(file: string): Promise<boolean>
  /**
   * Whether a manifest that no instance selects is one that a package exports. Takes an absolute
   * path, and what it may be imported by where the host tells it.
   */
  adopts(file: string, specifiers?: readonly string[]): Promise<boolean>
  /** What to throw where a manifest is imported that no instance of the plugin selects. */
  unclaimed(file: string): Promise<UnclaimedManifestError>
  /**
   * A file as the rest of this interface takes it: hosts that keep symlinks name files below a
   * linked root by the link, all others by where it leads.
   */
  locate(file: string): string
  /** The module of a manifest, by absolute path. Afterwards {@link takeWarnings} has its warnings. */
  resolve(file: string): Promise<ResolvedModule>
  /** What a file is of, as hosts name sources: by a path relative to the host's root, or the project's. */
  originalName(origin: FileOrigin): Promise<string>
  /** The name of the file that lists every image, where the options want one. */
  listFile(): Promise<string | undefined>
  /** Absolute paths to watch for a manifest that cannot be resolved. */
  watchFiles(file: string): Promise<readonly string[]>
  /** Absolute paths of `imagegen.config.*`: the one in use, and missing ones that would take its place. */
  configFiles(): Promise<ConfigFiles>
  /** Something changed on disk: a pipeline with other options takes over if it was the configuration. */
  recheckConfig(): void
  /** Warnings since the last call, among them what may have been billed in vain; each is handed out once. */
  takeWarnings(): readonly string[]
  /** What was requested since the last call cost, as sentences; undefined when nothing is known of it. */
  takeCost(): string | undefined
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
  const location = createProjectLocation(options.root)
  const pipelines = createSessionPipeline(location, () => open(options, location.start, host))
  let builds = 0
  /** After links; undefined where the host has none. */
  let hostRoot: string | undefined
  /** Known once a manifest was resolved. Hosts name files after the pipeline of a build was closed. */
  let projectRoot: string | undefined

  const currentIfPossible = () => pipelines.current().catch(() => undefined)

  /** The same, rejecting with an error that a host may print. */
  async function shown<T>(promise: Promise<T>): Promise<T> {
    try {
      return await promise
    } catch (thrown) {
      throw await withCommands(plainError(thrown), projectRoot ?? location.start.start)
    }
  }

  async function withConfig(files: readonly string[]): Promise<readonly string[]> {
    const { config } = await location.find()
    return config === undefined ? files : [...files, config]
  }

  return {
    setRoot(root, configFile, environment) {
      location.moveTo(root, configFile, environment)
      hostRoot = location.start.start
    },
    pipeline: () => shown(pipelines.current()),
    mode: async () => (await currentIfPossible())?.options.mode,
    selects: async file => (await currentIfPossible())?.selects(path.normalize(file)) ?? true,
    async adopts(file, specifiers) {
      const open = await currentIfPossible()
      if (!open) return false
      const { isPackageImport } = await import('../../manifest/packages/find-package.ts')
      return isPackageImport(path.normalize(file), open.options.root, specifiers)
    },
    unclaimed: async file => describeUnclaimed(file, await shown(pipelines.current())),
    locate: location.locate,
    async resolve(file) {
      const resolving = pipelines.current().then(open => {
        projectRoot = open.options.root
        return open.resolveModule(path.normalize(file))
      })
      const module = await shown(resolving)
      return { ...module, watchFiles: await withConfig(module.watchFiles) }
    },
    async originalName({ manifest, query }) {
      const root = projectRoot ?? (await shown(pipelines.current())).options.root
      return `${projectPath(hostRoot ?? root, path.join(root, manifest))}?${query}`
    },
    async listFile() {
      if (options.assets !== undefined) return (await shown(pipelines.current())).options.assets
      // Without a configuration, nothing is opened for builds that import no manifest.
      const { config } = await location.find()
      return config && (await currentIfPossible())?.options.assets
    },
    async watchFiles(file) {
      const open = await currentIfPossible()
      return withConfig((await open?.watchFilesOf(path.normalize(file))) ?? [])
    },
    async configFiles() {
      const { config, missingConfigs } = await shown(location.find())
      return { present: config, missing: missingConfigs }
    },
    recheckConfig: location.recheck,
    takeWarnings: pipelines.takeWarnings,
    takeCost: pipelines.takeCost,
    begin() {
      builds++
      location.recheck()
    },
    async end() {
      builds = Math.max(0, builds - 1)
      if (builds === 0) await shown(pipelines.close())
    },
  }
}

/** The next command as the project runs it: `pnpm exec imagegen plan`. */
async function withCommands(error: Error, folder: string): Promise<Error> {
  if (!error.message.includes('`imagegen ')) return error
  const { findPackageManager, renderCommands } = await import('../../project/package-manager.ts')
  const { message } = error
  error.message = renderCommands(message, await findPackageManager(folder))
  // Without DEBUG the stack is the message.
  if (error.stack === message) error.stack = error.message
  return error
}

async function describeUnclaimed(
  file: string,
  { options }: InternalPipeline,
): Promise<UnclaimedManifestError> {
  const { explainUnselected } = await import('../../pipeline/project/explain-unselected.ts')
  const name = projectPath(options.root, path.normalize(file))
  const reason = explainUnselected(path.normalize(file), options)
  return new UnclaimedManifestError(
    shownText(`${name} is imported, but no instance of the imagegen plugin takes it. ${reason}`),
  )
}
