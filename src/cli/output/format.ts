/** `3 images`, `1 image`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** A last column that is narrower than this is not wrapped. */
const NARROWEST = 24

/**
 * Left-aligned columns, two spaces apart. Cells have no colour codes yet: `paint` adds them.
 * @param width of the terminal: the last column wraps between words. @default it never wraps
 */
export function renderTable(
  rows: readonly (readonly string[])[],
  paint: (cell: string, row: number, column: number) => string = cell => cell,
  width = Number.POSITIVE_INFINITY,
): string {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length)
    })
  }
  const indent = widths.slice(0, -1).reduce((sum, column) => sum + column + 2, 0)
  const wrap = (cell: string, column: number): readonly string[] =>
    column === widths.length - 1 && width - indent >= NARROWEST
      ? wrapWords(cell, width - indent)
      : [cell]
  return rows
    .map((row, index) =>
      row
        .map((cell, column) => {
          const padding = ' '.repeat((widths[column] ?? 0) - cell.length)
          const lines = wrap(cell, column).map(line => paint(line, index, column))
          return lines.join(`\n${' '.repeat(indent)}`) + (column === row.length - 1 ? '' : padding)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Lines of at most so many characters; a longer word has a line of its own. */
function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
