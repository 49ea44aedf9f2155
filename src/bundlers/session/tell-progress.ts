import { formatImageId } from '../../manifest/image-id.ts'
import type { PipelineEvent } from '../../pipeline/events.ts'
import { describeStep } from '../../pipeline/progress/describe-step.ts'
import { shownText } from '../../text/shown-text.ts'

/**
 * Tells what a build or a server generates, in a line for each step; nothing where nothing has to
 * be generated. Hosts keep their own log back while they wait for us, so it goes to stderr.
 */
export function createProgressTeller(
  write: (line: string) => void = writeLine,
): (event: PipelineEvent) => void {
  let [total, done] = [0, 0]

  function describe(event: PipelineEvent): string | undefined {
    if (event.type === 'run-start' && event.toGenerate > 0) {
      if (done === total) [total, done] = [0, 0]
      total += event.toGenerate
      const images = event.toGenerate === 1 ? '1 image' : `${event.toGenerate} images`
      return `Generating ${images}. This can take a few minutes.`
    }
    if (event.type !== 'image' || total === 0) return undefined
    const { status, image } = event
    const step = describeStep(status)
    if (step === undefined) return undefined
    const isOver = status.state === 'ready' || status.state === 'failed'
    if (isOver) done += 1
    return `${isOver ? `[${done}/${total}] ` : ''}${formatImageId(image)}: ${step}`
  }

  return event => {
    const line = describe(event)
    if (line !== undefined) write(`[unplugin-imagegen] ${shownText(line)}`)
  }
}

function writeLine(line: string): void {
  process.stderr.write(`${line}\n`)
}
