import { formatImageId } from '../../../manifest/image-id.ts'
import type { ImageEvent, PipelineEvent } from '../../../pipeline/events.ts'
import { describeDoing, describeStep } from '../../../pipeline/progress/describe-step.ts'
import { formatDuration } from '../../../text/format-duration.ts'
import { shownText } from '../../../text/shown-text.ts'
import type { Colors } from '../../terminal.ts'
import { count } from '../format.ts'
import type { ActiveImage, RunProgress } from './run-progress.ts'

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
/** With more lines a terminal might scroll, and the live area could not be redrawn. */
const MOST_LINES = 12

/** The live area of a terminal: a line for each image under way, then how many are done. */
export function renderLive(
  progress: RunProgress,
  now: number,
  columns: number,
  colors: Colors,
): string {
  const active = [...progress.active.values()]
  const shown = active.filter(image => image.status.state !== 'queued').slice(0, MOST_LINES)
  const spinner = SPINNER[Math.floor(now / 100) % SPINNER.length] ?? ''
  const lines = shown.map(image => {
    const line = `${image.name}  ${describeActive(image, now)}`
    return `${colors.cyan(spinner)} ${clip(line, columns - 3)}`
  })
  const waiting = active.length - shown.length
  lines.push(
    colors.dim(
      clip(
        `  ${progress.done} of ${count(progress.total, 'image')} done${waiting > 0 ? `, ${waiting} waiting` : ''}${progress.failed > 0 ? `, ${progress.failed} failed` : ''}`,
        columns - 1,
      ),
    ),
  )
  return lines.join('\n')
}

/** What an image is doing, for how long, and which attempt it is. */
export function describeActive({ status, began, attempts }: ActiveImage, now: number): string {
  const running = formatDuration(Math.floor(Math.max(0, now - began) / 1000) * 1000)
  const attempt = attempts > 1 ? `, attempt ${attempts}` : ''
  return `${describeDoing(status)} · ${running === '0 ms' ? '0 s' : running}${attempt}`
}

/**
 * An event as a line of a log; undefined for events that a log does not need. Never has a prompt.
 * @param progress after the event
 * @param verbose with request IDs
 */
export function renderLine(
  event: PipelineEvent,
  progress: RunProgress,
  verbose = false,
): string | undefined {
  switch (event.type) {
    case 'run-start':
      return event.toGenerate > 0
        ? `${count(event.images, 'image')}, ${event.toGenerate} to generate`
        : `${count(event.images, 'image')}, nothing to generate`
    case 'warning':
      return `warning ${event.image ? `${formatImageId(event.image)}: ` : ''}${shownText(event.message)}`
    case 'image': {
      const name = formatImageId(event.image)
      const line = describeStep(event.status, verbose)
      return line && `${renderCounter(event.status, progress)}${name}: ${line}`
    }
    case 'run-end':
      return undefined
  }
}

function renderCounter(status: ImageEvent['status'], { done, total }: RunProgress): string {
  return status.state === 'ready' || status.state === 'failed' ? `[${done}/${total}] ` : ''
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`
}
