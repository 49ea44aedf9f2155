import type { Pipeline } from '../pipeline/pipeline.ts'
import { openPipeline } from './open-pipeline.ts'
import type { CliContext, CommandBody, CommandResult, CommonFlags, Session } from './session.ts'
import { colorsFor } from './terminal.ts'

const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 }

/**
 * Gives a command its session, prints what it says, and ends its pipeline whatever happens:
 * cleanly on the first Ctrl-C, at once on the second. Resolves with the exit code, which is
 * 128 and the signal's number after an interruption, as shells expect it.
 */
export async function runCommand<Flags extends object>(
  context: CliContext,
  body: CommandBody<Flags>,
  args: readonly string[],
  flags: Flags,
): Promise<number> {
  // Every command is made with these flags beside its own.
  const common: CommonFlags = flags
  let pipeline: Pipeline | undefined
  const session: Session = {
    context,
    flags: common,
    colors: colorsFor(context.stdout, context.readVariable),
    async openPipeline(overrides = {}) {
      pipeline ??= await openPipeline(context, common, overrides)
      return pipeline
    },
  }
  const interruption = watchInterruption(context, async () => pipeline?.close({ abort: true }))
  try {
    const result = await Promise.race([body(session, args, flags), interruption.ended])
    if (typeof result === 'number' || interruption.begun()) return await interruption.ended
    print(context, result, common.json === true)
    return result.exitCode
  } catch (error) {
    // What fails because it was interrupted is no news.
    if (interruption.begun()) return await interruption.ended
    throw error
  } finally {
    interruption.forget()
    await pipeline?.close()
  }
}

function watchInterruption(context: CliContext, stop: () => Promise<void>) {
  let begun = false
  let end: (code: number) => void = () => undefined
  const ended = new Promise<number>(resolve => {
    end = resolve
  })
  const forget = context.onInterrupt(signal => {
    const code = 128 + SIGNAL_NUMBERS[signal]
    if (begun) return context.exit(code)
    begun = true
    context.stderr.write('Stopping cleanly. Once more to stop at once.\n')
    void stop()
      .catch(() => undefined)
      .then(() => end(code))
  })
  return { ended, forget, begun: () => begun }
}

function print(context: CliContext, { json, text }: CommandResult, asJson: boolean): void {
  const printed = asJson ? JSON.stringify(json, undefined, 2) : text
  if (printed) context.stdout.write(`${printed}\n`)
}
