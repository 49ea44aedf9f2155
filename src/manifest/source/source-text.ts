import type { Diagnostic } from '../../errors/manifest-error.ts'

/** Where something stands in a manifest's source; both count from 1. */
export interface SourcePosition {
  readonly line: number
  readonly column: number
}

/** A part of a manifest's source, as errors show it. */
export interface SourceExcerpt extends SourcePosition {
  /** Manifest path relative to the project root, with forward slashes. */
  readonly file: string
  /** The source line with a caret below it. */
  readonly frame: string
}

/** A range of source: offsets in UTF-16 units, `end` exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** The text of a manifest, with its positions. */
export interface SourceText {
  /** Manifest path relative to the project root, with forward slashes. */
  readonly file: string
  readonly text: string
  position(offset: number): SourcePosition
  diagnostic(span: Span, message: string, hint?: string): Diagnostic
}

/** The most columns that a frame shows: a prompt can be a single line of thousands. */
const FRAME_WIDTH = 100

export function createSourceText(file: string, text: string): SourceText {
  const lineStarts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    lineStarts.push(at + 1)
  }

  function lineIndex(offset: number): number {
    let low = 0
    let high = lineStarts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((lineStarts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  function position(offset: number): SourcePosition {
    const index = lineIndex(offset)
    return { line: index + 1, column: offset - (lineStarts[index] ?? 0) + 1 }
  }

  function diagnostic(span: Span, message: string, hint?: string): Diagnostic {
    const { line, column } = position(span.start)
    const start = lineStarts[line - 1] ?? 0
    const source = text.slice(start, (lineStarts[line] ?? text.length + 1) - 1)
    const length = Math.min(span.end - span.start, source.trimEnd().length - column + 1)
    const frame = renderFrame(source.trimEnd(), line, column, Math.max(1, length))
    return { file, line, column, message, ...(hint && { hint }), frame }
  }

  return { file, text, position, diagnostic }
}

function renderFrame(source: string, line: number, column: number, length: number): string {
  const from = column + length > FRAME_WIDTH ? Math.max(0, column - 1 - FRAME_WIDTH / 2) : 0
  const shown = source.slice(from, from + FRAME_WIDTH)
  const head = from > 0 ? '…' : ''
  const tail = from + FRAME_WIDTH < source.length ? '…' : ''
  // Tabs stay tabs, so that the caret is below the fault whatever their width.
  const indent = (head + shown.slice(0, column - 1 - from)).replace(/[^\t]/g, ' ')
  const carets = '^'.repeat(Math.max(1, Math.min(length, shown.length - (column - 1 - from))))
  const gutter = `${line} | `
  // Control characters are replaced: a terminal would obey them.
  const visible = `${head}${shown}${tail}`.replace(/[^\P{Cc}\t]/gu, '\u{fffd}')
  return `  ${gutter}${visible}\n  ${' '.repeat(gutter.length - 2)}| ${indent}${carets}`
}
