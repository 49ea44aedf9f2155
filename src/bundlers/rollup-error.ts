import path from 'node:path'
import { ManifestError } from '../errors/manifest-error.ts'
import { shownError, shownText } from '../text/shown-text.ts'

/** What Rollup-like hosts show in their own way: position and source line apart from the message. */
export interface RollupError {
  readonly message: string
  readonly id: string
  readonly cause: unknown
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number }
  readonly frame?: string
}

/** Tells a Rollup-like host where a fault of a manifest stands. Takes the manifest's path. */
export function toRollupError(thrown: unknown, manifest: string): RollupError {
  const error = shownError(thrown)
  const id = shownText(manifest)
  const { message } = error
  const first = error instanceof ManifestError ? error.diagnostics[0] : undefined
  if (!(error instanceof ManifestError) || !first) return { message, id, cause: error }
  const { file, line, column } = first
  const frames = error.diagnostics.flatMap(({ frame }) => (frame ? shownText(frame) : []))
  return {
    // Apart from the frames: overlays in pages would cut them out of the message, but for their ends.
    message: frames.reduce((text, frame) => text.replace(`\n${frame}`, ''), message),
    id,
    cause: error,
    // A manifest that another one refers to is named relative to the root, which `id` ends with only for its own.
    loc: {
      file: manifest.endsWith(path.normalize(file)) ? id : shownText(file),
      line,
      column: column - 1,
    },
    ...(frames.length > 0 && { frame: `${withoutMargin(frames.join('\n\n'))}\n` }),
  }
}

/** Overlays trim a frame, which would move its first line alone, away from the caret below it. */
function withoutMargin(frame: string): string {
  const margins = frame.match(/^ *(?=\S)/gm) ?? []
  const width = Math.min(...margins.map(margin => margin.length))
  return frame.replace(new RegExp(`^ {${width}}`, 'gm'), '')
}
