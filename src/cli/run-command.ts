import type { InternalPipeline } from '../pipeline/pipeline.ts'
import { shownColored, shownJson } from '../text/shown-text.ts'
import type {
  CliContext,
  CommandBody,
  CommandResult,
  CommandSession,
  CommonFlags,
} from './command-session.ts'
import { openCommandPipeline } from './open-command-pipeline.ts'
import { inProjectsForm } from './output/next-command.ts'
import { watchInterruption } from './stopping/interruption.ts'
import { colorsFor, createSilentStream } from './terminal.ts'

/**
 * Gives a command its session, prints its result, and closes its pipeline in any case.
 * Resolves with the exit code.
 */
export async function runCommand<Flags extends object>(
  context: CliContext,
  body: CommandBody<Flags>,
  args: readonly string[],
  flags: Flags,
): Promise<number> {
  // Every command is made with these flags beside its own.
  const common: CommonFlags = flags
  let pipeline: InternalPipeline | undefined
  const interruption = watchInterruption(context)
  const session: CommandSession = {
    context: common.quiet ? { ...context, stderr: createSilentStream() } : context,
    errors: context.stderr,
    flags: common,
    colors: colorsFor(context.stdout, context.readVariable),
    async openPipeline(overrides = {}) {
      if (!pipeline) {
        pipeline = await openCommandPipeline(context, common, overrides)
        interruption.watch(pipeline)
      }
      return pipeline
    },
  }
  try {
    const result = await Promise.race([body(session, args, flags), interruption.ended])
    if (typeof result === 'number') return result
    if (common.json) context.stdout.write(`${shownJson(result.json)}\n`)
    else await printText(context, result)
    return interruption.exitCode() ?? result.exitCode
  } catch (error) {
    // A failure that the interruption caused is no news.
    const code = interruption.exitCode()
    if (code !== undefined) return code
    throw error
  } finally {
    interruption.forget()
    await pipeline?.close()
  }
}

async function printText(context: CliContext, { text }: CommandResult): Promise<void> {
  if (text === '') return
  const shown = await inProjectsForm(text, context)
  context.stdout.write(`${shownColored(shown)}\n`)
}
