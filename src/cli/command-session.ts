import type { ReadVariable } from '../config/environment.ts'
import type { Options, ResolvedOptions } from '../config/options.ts'
import type { InternalPipeline } from '../pipeline/pipeline.ts'
import type { Selection } from '../pipeline/project/selection.ts'
import type { Colors, OutputStream } from './terminal.ts'

/** Everything outside of this process that the command line touches, handed in by the bin and by tests. */
export interface CliContext {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** Arguments are relative to it. */
  readonly cwd: string
  readonly readVariable: ReadVariable
  /** Calls back on Ctrl-C and SIGTERM; returns the function that ends that. */
  onInterrupt(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void
  /** Ends the process at once. */
  exit(code: number): void
  now(): number
}

/** Flags that every command has. */
export interface CommonFlags {
  readonly json?: boolean
  readonly config?: string
  readonly root?: string
  readonly debug?: boolean
  /** Which `.env.<env>` files count. */
  readonly env?: string
  /** Errors and the result alone. */
  readonly quiet?: boolean
  /** Request IDs and images that were there already, too. */
  readonly verbose?: boolean
  /** Of commands over images: finding none is fine. */
  readonly allowEmpty?: boolean
}

/** Everything that a command works with. */
export interface CommandSession {
  /** With `--quiet`, what goes to its `stderr` is not shown. */
  readonly context: CliContext
  /** Takes errors and questions, with `--quiet` too. */
  readonly errors: OutputStream
  readonly flags: CommonFlags
  /** Of stdout. */
  readonly colors: Colors
  /** Opened on first use; the maker of the session closes it. */
  openPipeline(overrides?: Overrides): Promise<InternalPipeline>
}

/** A command's own changes of the options, which win over the configuration. */
export interface Overrides {
  readonly options?: Options
  /** Last word over the resolved options. */
  readonly adjust?: (options: ResolvedOptions) => ResolvedOptions
  /** Opens even though builds were made with other options. */
  readonly whateverBuildsUse?: boolean
  /** Sets a project up where the command was started, as `ProjectStart` says. */
  readonly beginsHere?: boolean
}

/**
 * `0` fine, `1` something is wrong with the images, `2` wrong use, `3` an attempt may have been
 * billed and brought no picture, `4` `--deadline` held requests back.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4

/** The result of a command. Exactly one of the two forms is printed, on stdout. */
export interface CommandResult {
  /** The documented object of `--json`; its `version` changes when a field changes its meaning or goes. */
  readonly json: { readonly version: 1 }
  /** For people. */
  readonly text: string
  readonly exitCode: ExitCode
}

/** The body of a command. */
export type CommandBody<Flags> = (
  session: CommandSession,
  args: readonly string[],
  flags: Flags,
) => Promise<CommandResult>

/** Whether a selection names neither manifests nor images, and so selects all. */
export function selectsAll({ manifests, images }: Selection): boolean {
  return manifests === undefined && images === undefined
}
