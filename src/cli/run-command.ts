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
import { watchInterruption } from './stopping/interruption.ts'
import { colorsFor } from './terminal.ts'

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
    context,
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
    print(context, result, common.json === true)
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

function print(context: CliContext, { json, text }: CommandResult, asJson: boolean): void {
  const printed = asJson ? shownJson(json) : shownColored(text)
  if (printed) context.stdout.write(`${printed}\n`)
}
