import { formatBytes } from '../../text/format-bytes.ts'
import { formatDuration } from '../../text/format-duration.ts'
import { shownText } from '../../text/shown-text.ts'
import type { ImageEvent } from '../events.ts'

/** What an image is doing, for a display that is redrawn. */
export function describeDoing(status: ImageEvent['status']): string {
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
 * A step as the end of a line of a log; undefined for steps that a log does not need.
 * @param verbose with request IDs
 */
export function describeStep(status: ImageEvent['status'], verbose = false): string | undefined {
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
