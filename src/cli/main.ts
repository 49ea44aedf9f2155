import { Command, CommanderError } from 'commander'
import { readProcessVariable } from '../config/environment.ts'
import { VERSION } from '../config/version.ts'
import { shownJson } from '../text/shown-text.ts'
import type { CliContext } from './command-session.ts'
import { checkCommand } from './commands/check.ts'
import { costCommand } from './commands/cost.ts'
import { exportCommand } from './commands/export.ts'
import { galleryCommand } from './commands/gallery.ts'
import { generateCommand } from './commands/generate.ts'
import { adoptCommand } from './commands/originals/adopt.ts'
import { keepCommand } from './commands/originals/keep.ts'
import { planCommand } from './commands/plan.ts'
import { doctorCommand } from './commands/project/doctor.ts'
import { initCommand } from './commands/project/init.ts'
import { pruneCommand } from './commands/prune.ts'
import { pullCommand } from './commands/pull.ts'
import { pushCommand } from './commands/push.ts'
import { recoverCommand } from './commands/recover.ts'
import { syncCommand } from './commands/sync.ts'
import { type DefineCommand, examples, type Run } from './define-command.ts'
import { exitCodeOf } from './exit-code.ts'
import { errorDocument, renderError } from './output/error-output.ts'
import { inProjectsForm } from './output/next-command.ts'
import { runCommand } from './run-command.ts'

const EXIT_CODES = `
Exit codes:
  0  success
  1  a problem with the images
  2  a problem with arguments, options or configuration
  3  \`generate\`: a request may have been billed, but brought no picture
  4  \`generate --deadline\`: some images were not requested in time`

const COMMANDS: readonly DefineCommand[] = [
  initCommand,
  planCommand,
  generateCommand,
  keepCommand,
  adoptCommand,
  recoverCommand,
  checkCommand,
  exportCommand,
  syncCommand,
  costCommand,
  pruneCommand,
  galleryCommand,
  pushCommand,
  pullCommand,
  doctorCommand,
]

/**
 * Runs one command line and resolves with its exit code. Results go to stdout; progress,
 * warnings and errors to stderr.
 */
export async function main(argv: readonly string[], context: CliContext): Promise<number> {
  const json = argv.includes('--json')
  const debug = argv.includes('--debug') || context.readVariable('DEBUG') !== undefined
  let exitCode = 0

  const program = createProgram(context, async (body, args, flags) => {
    exitCode = await runCommand(context, body, args, flags)
  })
  try {
    if (argv.length === 0) program.help()
    await program.parseAsync(unknownAlone(argv, program), { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    if (json) context.stdout.write(`${shownJson(errorDocument(error))}\n`)
    else {
      const shown = await inProjectsForm(renderError(error, context, debug), context)
      context.stderr.write(`${shown}\n`)
    }
    return exitCodeOf(error)
  }
}

/** `help plam` says what `plam` does, instead of showing all help. */
function unknownAlone(argv: readonly string[], { commands }: Command): readonly string[] {
  const [first, name] = argv
  if (first !== 'help' || name === undefined) return argv
  return commands.some(command => command.name() === name) ? argv : [name]
}

/** The program with its commands, whose bodies `run` takes. */
export function createProgram({ stdout }: Pick<CliContext, 'stdout'>, run: Run): Command {
  const program = new Command('imagegen')
    .description(
      'Generates site images from prompts at build time. Keeps every picture in a cache and never requests it twice.',
    )
    .version(VERSION)
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText(
      'after',
      examples([
        ['imagegen init', 'set up a project'],
        ['imagegen plan', 'show what a build would generate, and why'],
        ['imagegen generate', 'generate what is missing'],
        ['imagegen check', 'in CI: is everything present, intact and current?'],
      ]) + EXIT_CODES,
    )
  for (const define of COMMANDS) program.addCommand(define(run))
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showSuggestionAfterError()
      .configureOutput({
        writeOut: text => stdout.write(text),
        writeErr: text => stdout.write(text),
        // Shown once, where the error of parsing is caught.
        outputError: () => undefined,
        getOutHelpWidth: () => stdout.columns ?? 80,
      })
  }
  return program
}

/** The process as a {@link CliContext}. */
export async function runBin(): Promise<void> {
  // A reader may go away (`imagegen plan | head -1`).
  process.stdout.on('error', error => {
    if ('code' in error && error.code === 'EPIPE') process.exit(0)
    throw error
  })
  // A reader of progress that goes away must not end the command.
  process.stderr.on('error', () => undefined)
  process.exitCode = await main(process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    cwd: process.cwd(),
    readVariable: readProcessVariable,
    onInterrupt(listener) {
      process.on('SIGINT', listener).on('SIGTERM', listener)
      return () => process.off('SIGINT', listener).off('SIGTERM', listener)
    },
    exit: code => process.exit(code),
    now: () => Date.now(),
  })
}
