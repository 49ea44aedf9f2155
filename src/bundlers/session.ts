import path from 'node:path'
import type { Mode, Options } from '../config/options.ts'
import type { Pipeline, ResolvedModule } from '../pipeline/pipeline.ts'

/** Opens the pipeline of a plugin instance; handed in, so that loading the plugin loads no pipeline. */
export type OpenPipeline = (options: Options, root: string) => Promise<Pipeline>

/** What the hosts share: one pipeline for a plugin instance, opened at the first need. */
export interface Session {
  /** The bundler's root, used unless the options name one. Has no effect once the pipeline is open. */
  setRoot(root: string): void
  pipeline(): Promise<Pipeline>
  mode(): Promise<Mode>
  /** Whether `include` and `exclude` leave this manifest to us. Takes an absolute path. */
  selects(file: string): Promise<boolean>
  /** The module of a manifest, by absolute path. Afterwards {@link takeWarnings} has what was said. */
  resolve(file: string): Promise<ResolvedModule>
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
  let selected: ReadonlySet<string> | undefined
  let warnings: string[] = []

  async function openPipeline(): Promise<Pipeline> {
    const pipeline = await open(options, root)
    pipeline.on(event => {
      if (event.type === 'warning') warnings.push(event.message)
    })
    return pipeline
  }

  async function pipeline(): Promise<Pipeline> {
    opened ??= openPipeline().catch(error => {
      // A configuration that is mended while watching gets another chance.
      opened = undefined
      throw error
    })
    return opened
  }

  return {
    setRoot(value) {
      root = value
    },
    pipeline,
    async mode() {
      return (await pipeline()).options.mode
    },
    async selects(file) {
      const wanted = path.normalize(file)
      if (selected?.has(wanted)) return true
      // What is not known yet may have been written since.
      selected = new Set(await (await pipeline()).discover())
      return selected.has(wanted)
    },
    async resolve(file) {
      return (await pipeline()).resolveModule(path.normalize(file))
    },
    takeWarnings() {
      const taken = warnings
      warnings = []
      return taken
    },
    begin() {
      builds++
    },
    async end() {
      builds = Math.max(0, builds - 1)
      if (builds > 0 || !opened) return
      const closing = opened
      opened = undefined
      selected = undefined
      await (await closing).close()
    },
  }
}
