import type { PipelineEvent } from '../../../pipeline/events.ts'
import type { Pipeline } from '../../../pipeline/pipeline.ts'
import { shownColored, shownText } from '../../../text/shown-text.ts'
import type { CliContext, CommandSession } from '../../command-session.ts'
import { colorsFor, isLive } from '../../terminal.ts'
import { describeActive, renderLine, renderLive } from './render-progress.ts'
import { applyEvent, NO_PROGRESS, type RunProgress } from './run-progress.ts'

/** How often the live area is redrawn, in milliseconds. */
const REDRAW = 100
/** How often a log says that images are still under way, in milliseconds. */
const REMINDER = 30_000

/**
 * Shows on stderr what a pipeline does: live on a terminal, as plain lines elsewhere.
 * Returns the function that ends it and leaves nothing behind.
 */
export async function showProgress(
  pipeline: Pipeline,
  { context, flags: { verbose = false } }: Pick<CommandSession, 'context' | 'flags'>,
): Promise<() => void> {
  return isLive(context.stderr, context.readVariable) && !verbose
    ? showLive(pipeline, context)
    : showLines(pipeline, context, verbose)
}

async function showLive(pipeline: Pipeline, context: CliContext): Promise<() => void> {
  // Loaded for terminals only.
  const { createLogUpdate } = await import('log-update')
  const { stderr, readVariable, now } = context
  const colors = colorsFor(stderr, readVariable)
  const area = createLogUpdate(stderr as NodeJS.WritableStream)
  let progress: RunProgress = NO_PROGRESS
  const redraw = () => area(shownColored(renderLive(progress, now(), stderr.columns ?? 80, colors)))
  const unsubscribe = pipeline.on(event => {
    progress = applyEvent(progress, event, now())
    const line = isLasting(event) ? shownText(renderLine(event, progress) ?? '') : ''
    if (line) area.persist(event.type === 'warning' ? colors.yellow(line) : line)
    redraw()
  })
  const timer = setInterval(redraw, REDRAW)
  return () => {
    clearInterval(timer)
    unsubscribe()
    area.clear()
    area.done()
  }
}

/** Whether an event stays on the screen, above the live area. */
function isLasting(event: PipelineEvent): boolean {
  if (event.type === 'warning') return true
  return (
    event.type === 'image' && (event.status.state === 'ready' || event.status.state === 'failed')
  )
}

function showLines(pipeline: Pipeline, { stderr, now }: CliContext, verbose: boolean): () => void {
  let progress: RunProgress = NO_PROGRESS
  const unsubscribe = pipeline.on(event => {
    progress = applyEvent(progress, event, now())
    const line = shownText(renderLine(event, progress, verbose) ?? '')
    if (line) stderr.write(`${line}\n`)
  })
  const timer = setInterval(() => {
    for (const image of progress.active.values()) {
      if (image.status.state === 'queued') continue
      stderr.write(`${shownText(image.name)}: still ${describeActive(image, now())}\n`)
    }
  }, REMINDER)
  return () => {
    clearInterval(timer)
    unsubscribe()
  }
}
