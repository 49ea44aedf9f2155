import { CommanderError } from 'commander'
import { ImagegenError } from '../../errors/imagegen-error.ts'
import { type Diagnostic, ManifestError } from '../../errors/manifest-error.ts'
import { shownText } from '../../text/shown-text.ts'
import type { CliContext } from '../command-session.ts'
import { colorsFor } from '../terminal.ts'

/** What `--json` prints when a command failed. */
export interface ErrorDocument {
  readonly version: 1
  readonly error: {
    /** For programs. */
    readonly code: string
    readonly message: string
    /** Faults of a manifest, one by one. */
    readonly diagnostics?: readonly Omit<Diagnostic, 'frame'>[]
  }
}

export function errorDocument(error: unknown): ErrorDocument {
  const diagnostics =
    error instanceof ManifestError
      ? error.diagnostics.map(({ frame: _, ...diagnostic }) => diagnostic)
      : undefined
  return {
    version: 1,
    error: {
      code: codeOf(error),
      message: messageOf(error),
      ...(diagnostics && { diagnostics }),
    },
  }
}

/** One clear message; with a stack if `--debug` asks for it. */
export function renderError(error: unknown, context: CliContext, debug: boolean): string {
  const colors = colorsFor(context.stderr, context.readVariable)
  const message = `${colors.red('error')} ${messageOf(error)}`
  if (debug && error instanceof Error) return `${message}\n${colors.dim(shownText(stackOf(error)))}`
  if (error instanceof ImagegenError || error instanceof CommanderError) return message
  return `${message}\nThis is an unexpected error. Run the command again with --debug for details, and please report it.`
}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return shownText(String(error))
  if (error instanceof CommanderError) {
    return `${shownText(describeUsage(error.message))} Run \`imagegen --help\` to see what there is.`
  }
  return shownText(error.message)
}

/** The words of the library, in the form of ours. */
function describeUsage(message: string): string {
  const [first = '', ...rest] = message.replace(/^error: /, '').split('\n')
  const [, meant] = /^\(Did you mean (?:one of )?(.+)\?\)$/.exec(rest.join(' ')) ?? []
  const sentence = first.replaceAll(/'([^']+)'/g, '`$1`').replace(/\.?$/, '.')
  const hint = meant === undefined ? '' : ` Did you mean \`${meant}\`?`
  return sentence.charAt(0).toUpperCase() + sentence.slice(1) + hint
}

export function codeOf(error: unknown): string {
  if (error instanceof ImagegenError) return error.code
  return error instanceof CommanderError ? 'USAGE' : 'INTERNAL'
}

function stackOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter(line => line.startsWith('    at '))
  const own = frames.join('\n')
  return error.cause instanceof Error
    ? `${own}\ncaused by ${error.cause.name}: ${error.cause.message}\n${stackOf(error.cause)}`
    : own
}
