import { type ImageKey, imageKey } from '../../manifest/image-id.ts'
import type { PipelineEvent } from '../../pipeline/events.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import { formatDuration } from '../../text/format-duration.ts'
import type { CliContext } from '../command-session.ts'
import { DEADLINE_PASSED } from '../exit-code.ts'
import { count } from '../output/format.ts'
import { describeLoss } from './describe-loss.ts'

/** What an answer is expected to take before the first one came, in milliseconds. */
const EXPECTED_ANSWER = 180_000

/** Follows the time limit of a command that generates. */
export interface RunDeadline {
  /** Whether requests were held back because they would not have been answered in time. */
  hasPassed(): boolean
  forget(): void
}

/**
 * Sends nothing more as soon as another answer would probably come too late, going by the longest
 * one of this run, and waits for those under way. At the deadline itself the process ends: the next
 * run resumes what was under way.
 * @param limit milliseconds from now on
 */
export function watchDeadline(
  pipeline: Pipeline,
  limit: number,
  context: Pick<CliContext, 'now' | 'stderr' | 'exit'>,
): RunDeadline {
  const end = context.now() + limit
  const begun = new Map<ImageKey, number>()
  let longest = 0
  let isStopped = false

  function stop(): void {
    isStopped = true
    pipeline.stop(describeStop(begun.size, end - context.now())).catch(() => undefined)
  }

  /** A short limit still leaves half of itself to send in. */
  function timeToStop(): number {
    const expected = longest > 0 ? longest : EXPECTED_ANSWER
    return end - Math.min(expected, limit / 2) - context.now()
  }

  let stopping = setTimeout(stop, timeToStop())
  const leaving = setTimeout(() => {
    if (begun.size > 0) context.stderr.write(`${describeLoss(begun.size)}\n`)
    context.exit(DEADLINE_PASSED)
  }, limit)

  const unsubscribe = pipeline.on((event: PipelineEvent) => {
    if (event.type !== 'image') return
    const key = imageKey(event.image)
    const { state } = event.status
    if (state === 'generating') begun.set(key, context.now())
    if (state === 'generating' || state === 'receiving') return
    const start = begun.get(key)
    begun.delete(key)
    if (start === undefined || isStopped) return
    longest = Math.max(longest, context.now() - start)
    clearTimeout(stopping)
    stopping = setTimeout(stop, timeToStop())
  })

  return {
    hasPassed: () => isStopped,
    forget() {
      clearTimeout(stopping)
      clearTimeout(leaving)
      unsubscribe()
    },
  }
}

function describeStop(requests: number, left: number): string {
  const waiting =
    requests > 0
      ? ` Waiting up to ${formatDuration(left)} for ${count(requests, 'request')} under way.`
      : ''
  return `The deadline is near. No more requests are sent.${waiting}`
}
