import type { ExportOptions, ExportReport } from '../export/target/export-options.ts'
import { type WatchedExport, watchExport } from '../export/watch/watch-export.ts'
import type { InternalPipeline } from '../pipeline/pipeline.ts'
import { shownText } from '../text/shown-text.ts'
import type { CliContext } from './command-session.ts'
import { messageOf } from './output/error-output.ts'
import { count } from './output/format.ts'
import type { OutputStream } from './terminal.ts'

const NOTHING: ExportReport = {
  images: 0,
  written: [],
  unchanged: 0,
  removed: [],
  left: [],
  warnings: [],
}

export interface FollowExportDeps {
  readonly context: CliContext
  readonly errors: OutputStream
  warn(message: string): void
}

/**
 * Exports again whenever something changes, and tells it in a line each, until the command is
 * interrupted. Resolves with the last report.
 */
export async function followExport(
  pipeline: InternalPipeline,
  options: ExportOptions,
  { context, errors, warn }: FollowExportDeps,
): Promise<ExportReport> {
  const ending = new AbortController()
  const ignore = context.onInterrupt(() => ending.abort())
  let last = NOTHING
  try {
    await watchExport(pipeline, options, {
      signal: ending.signal,
      warn,
      onExport(report) {
        const isFirst = last === NOTHING
        last = report
        const line = describeExported(report)
        if (isFirst) context.stderr.write(`${line} Watching; press Ctrl-C to end.\n`)
        else if (report.written.length + report.removed.length > 0)
          context.stderr.write(`${line}\n`)
      },
      onFault: error => void errors.write(`error ${shownText(messageOf(error))}\n`),
    })
  } finally {
    ignore()
  }
  return last
}

function describeExported({ images, written, removed, waiting }: WatchedExport): string {
  const drafts = waiting === 0 ? '' : ` ${count(waiting, 'picture')} still to come.`
  return `${count(images, 'image')} exported: ${count(written.length, 'file')} written, ${removed.length} removed.${drafts}`
}
