import path from 'node:path'
import { ImagegenError } from '../errors/imagegen-error.ts'
import { ManifestError } from '../errors/manifest-error.ts'
import { shownText } from '../text/shown-text.ts'
import { plainError } from './session/plain-error.ts'

/** What Rollup-like hosts show in their own way: position and source line apart from the message. */
export interface RollupError {
  readonly message: string
  readonly id: string
  /** Absent where it would be printed once more. */
  readonly cause?: unknown
  /** Empty where none is to be printed. */
  readonly stack?: string
  readonly code?: string
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number }
  readonly frame?: string
}

/** Tells a Rollup-like host where a fault of a manifest stands. Takes the manifest's path. */
export function toRollupError(thrown: unknown, manifest: string): RollupError {
  const error = plainError(thrown)
  const id = shownText(manifest)
  const { message } = error
  const first = error instanceof ManifestError ? error.diagnostics[0] : undefined
  const trace = traceOf(error)
  if (!(error instanceof ManifestError) || !first) return { message, id, ...trace }
  const { file, line, column } = first
  const frames = error.diagnostics.flatMap(({ frame }) => (frame ? shownText(frame) : []))
  return {
    // Apart from the frames: overlays in pages would cut them out of the message, but for their ends.
    message: frames.reduce((text, frame) => text.replace(`\n${frame}`, ''), message),
    id,
    ...trace,
    // A manifest that another one refers to is named relative to the root, which `id` ends with only for its own.
    loc: {
      file: manifest.endsWith(path.normalize(file)) ? id : shownText(file),
      line,
      column: column - 1,
    },
    ...(frames.length > 0 && { frame: `${withoutMargin(frames.join('\n\n'))}\n` }),
  }
}

/** Hosts print causes and stacks behind the message, and give the code of an error as `pluginCode`. */
function traceOf(error: Error): Pick<RollupError, 'cause' | 'code' | 'stack'> {
  const isPlain = error.stack === error.message
  const code = error instanceof ImagegenError ? { code: error.code } : {}
  return isPlain ? { ...code, stack: '' } : { ...code, cause: error }
}

/** Overlays trim a frame, which would move its first line alone, away from the caret below it. */
function withoutMargin(frame: string): string {
  const margins = frame.match(/^ *(?=\S)/gm) ?? []
  const width = Math.min(...margins.map(margin => margin.length))
  return frame.replace(new RegExp(`^ {${width}}`, 'gm'), '')
}
