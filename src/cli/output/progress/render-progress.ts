import { formatImageId } from '../../../manifest/image-id.ts'
import type { ImageEvent, PipelineEvent } from '../../../pipeline/events.ts'
import { formatBytes } from '../../../text/format-bytes.ts'
import { shownText } from '../../../text/shown-text.ts'
import type { Colors } from '../../terminal.ts'
import { count, formatDuration } from '../format.ts'
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

function describeDoing(status: ImageEvent['status']): string {
  switch (status.state) {
    case 'queued':
      return 'queued'
    case 'waiting':
      return `waiting for ${shownText(status.holder)}, which is generating it`
    case 'generating':
      return 'generating'
    case 'receiving':
      return `receiving, ${formatBytes(status.bytes)}`
    case 'retrying':
      return `waiting ${formatDuration(status.delay)} for attempt ${status.attempt}: ${shownText(status.problem)}`
    case 'ready':
      return status.how ?? 'ready'
    case 'failed':
      return 'failed'
  }
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

function describeStep(status: ImageEvent['status'], verbose: boolean): string | undefined {
  switch (status.state) {
    case 'generating': {
      const attempt = status.attempt > 1 ? `, attempt ${status.attempt}` : ''
      return `generating${attempt}${verbose ? ` (request ID ${status.requestId})` : ''}`
    }
    case 'waiting':
    case 'retrying':
      return describeDoing(status)
    case 'ready':
      // The closing table lists pictures that were there already.
      return status.how === 'cached' ? undefined : status.how
    case 'failed':
      // The closing report says why, once for all images of the same cause.
      return 'failed'
    case 'queued':
    case 'receiving':
      return undefined
  }
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`
}
