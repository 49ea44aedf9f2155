import { type ImageKey, imageKey } from '../../manifest/image-id.ts'
import type { PipelineEvent } from '../../pipeline/events.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { CliContext } from '../command-session.ts'
import { count } from '../output/format.ts'
import { describeLoss } from './describe-loss.ts'

const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 }

/** Milliseconds within which signals count as one: terminals and package managers both send it. */
const ONE_SIGNAL = 500

/** Milliseconds for the answers under way after SIGTERM, which something stronger often follows. */
const GRACE = 5_000

/** Follows the signals that a command gets. */
export interface Interruption {
  /** Follows a pipeline that the command has opened. */
  watch(pipeline: Pipeline): void
  /**
   * Resolves with {@link exitCode} when nothing is under way any more; never for a command that
   * generates, which still has its report to give.
   */
  readonly ended: Promise<number>
  /** 128 and the signal's number, as shells expect it; undefined while there was none. */
  exitCode(): number | undefined
  /** Leaves signals to Node again. */
  forget(): void
}

/**
 * The first signal sends nothing more and waits for the answers that are under way; the second
 * leaves at once, and so does SIGTERM after 5 s.
 */
export function watchInterruption(context: CliContext): Interruption {
  const underWay = new Set<ImageKey>()
  let pipeline: Pipeline | undefined
  let hasRun = false
  let first: { readonly code: number; readonly at: number } | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let end: (code: number) => void = () => undefined
  const ended = new Promise<number>(resolve => {
    end = resolve
  })

  function follow(event: PipelineEvent): void {
    if (event.type === 'run-start') hasRun = true
    if (event.type !== 'image') return
    const key = imageKey(event.image)
    const { state } = event.status
    if (state === 'generating' || state === 'receiving') underWay.add(key)
    else underWay.delete(key)
  }

  function leave(code: number): void {
    if (underWay.size > 0) context.stderr.write(`${describeLoss(underWay.size)}\n`)
    context.exit(code)
  }

  async function stop(signal: keyof typeof SIGNAL_NUMBERS, code: number): Promise<void> {
    await pipeline?.stop(describeStop(underWay.size, signal))
    // A command that generates ends by itself, with its report.
    if (!hasRun) end(code)
  }

  const ignore = context.onInterrupt(signal => {
    const code = 128 + SIGNAL_NUMBERS[signal]
    if (first) {
      if (context.now() - first.at >= ONE_SIGNAL) leave(code)
      return
    }
    first = { code, at: context.now() }
    if (signal === 'SIGTERM') timer = setTimeout(() => leave(code), GRACE)
    stop(signal, code).catch(() => end(code))
  })

  return {
    watch(opened) {
      pipeline = opened
      opened.on(follow)
      // The signal came while it was being opened.
      if (first) opened.stop(describeStop(0, 'SIGINT'))
    },
    ended,
    exitCode: () => first?.code,
    forget() {
      ignore()
      clearTimeout(timer)
    },
  }
}

function describeStop(requests: number, signal: keyof typeof SIGNAL_NUMBERS): string {
  if (requests === 0) return 'Stopping. No more requests are sent.'
  const limit = signal === 'SIGTERM' ? ` for up to ${GRACE / 1_000} s` : ''
  const many = count(requests, 'request')
  return `Stopping. No more requests are sent. Waiting${limit} for ${many} under way, which will be billed in any case. Press Ctrl-C again to quit now.`
}
