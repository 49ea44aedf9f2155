import { stat } from 'node:fs/promises'
import path from 'node:path'
import { findConfig } from '../config/load-config.ts'
import type { Mode, Options } from '../config/options.ts'
import type { Pipeline, ResolvedModule } from '../pipeline/pipeline.ts'

/** Opens the pipeline of a plugin instance; handed in, so that loading the plugin loads no pipeline. */
export type OpenPipeline = (options: Options, root: string) => Promise<Pipeline>

/** What the hosts share: one pipeline for a plugin instance, opened at the first need. */
export interface Session {
  /** The bundler's root, used unless the options name one. Has no effect once the pipeline is open. */
  setRoot(root: string): void
  pipeline(): Promise<Pipeline>
  /** Undefined while the configuration is faulty. */
  mode(): Promise<Mode | undefined>
  /**
   * Whether `include` and `exclude` leave this manifest to us. Takes an absolute path. With a
   * faulty configuration all are ours: its fault is told where a manifest is loaded.
   */
  selects(file: string): Promise<boolean>
  /** The module of a manifest, by absolute path. Afterwards {@link takeWarnings} has what was said. */
  resolve(file: string): Promise<ResolvedModule>
  /** Absolute paths to watch for a manifest that cannot be resolved. */
  watchFiles(file: string): Promise<readonly string[]>
  /** Absolute path of `imagegen.config.*`; undefined when there is none. */
  configFile(): Promise<string | undefined>
  /** Something changed on disk: a pipeline with other options takes over if it was the configuration. */
  recheckConfig(): void
  /** Warnings since the last call; each is handed out once. */
  takeWarnings(): readonly string[]
  /** A build begins: the pipeline stays open until as many builds have ended. */
  begin(): void
  /** A build ends; the last one closes the pipeline. */
  end(): Promise<void>
}

export function createSession(options: Options, open: OpenPipeline): Session {
  let root = process.cwd()
  let builds = 0
  let opened: Promise<Pipeline> | undefined
  let warnings: string[] = []
  let config: Promise<Config> | undefined
  /** What the open pipeline was configured with. */
  let configuredWith: string | undefined
  /** What was under way in them is still good. */
  const replaced: Promise<Pipeline>[] = []

  async function openPipeline(): Promise<Pipeline> {
    const pipeline = await open(options, root)
    pipeline.on(event => {
      if (event.type === 'warning') warnings.push(event.message)
    })
    return pipeline
  }

  function findOwnConfig(): Promise<Config> {
    config ??= readConfigState(path.resolve(root, options.root ?? '.'))
    return config
  }

  async function pipeline(): Promise<Pipeline> {
    const { state } = await findOwnConfig()
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
    const { file } = await findOwnConfig()
    return file === undefined ? files : [...files, file]
  }

  function pipelineIfPossible(): Promise<Pipeline | undefined> {
    return pipeline().catch(() => undefined)
  }

  return {
    setRoot(value) {
      root = value
    },
    pipeline,
    async mode() {
      return (await pipelineIfPossible())?.options.mode
    },
    async selects(file) {
      const open = await pipelineIfPossible()
      return open?.selects(path.normalize(file)) ?? true
    },
    async resolve(file) {
      const module = await (await pipeline()).resolveModule(path.normalize(file))
      return { ...module, watchFiles: await withConfig(module.watchFiles) }
    },
    async watchFiles(file) {
      const open = await pipelineIfPossible()
      return withConfig((await open?.watchFilesOf(path.normalize(file))) ?? [])
    },
    async configFile() {
      return (await findOwnConfig()).file
    },
    recheckConfig() {
      config = undefined
    },
    takeWarnings() {
      const taken = warnings
      warnings = []
      return taken
    },
    begin() {
      builds++
      config = undefined
    },
    async end() {
      builds = Math.max(0, builds - 1)
      if (builds > 0) return
      const closing = opened ? [...replaced.splice(0), opened] : replaced.splice(0)
      opened = undefined
      await Promise.all(closing.map(async open => (await open).close()))
    },
  }
}

interface Config {
  /** Absolute path; absent when there is none. */
  readonly file?: string
  /** Another after each change. */
  readonly state: string
}

async function readConfigState(folder: string): Promise<Config> {
  const file = await findConfig(folder)
  if (file === undefined) return { state: 'none' }
  // One that goes in this moment is like none.
  const stats = await stat(file).catch(() => undefined)
  return { file, state: `${file} ${stats?.mtimeMs} ${stats?.size}` }
}
