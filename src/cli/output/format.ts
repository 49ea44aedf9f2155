/** `830 ms`, `42 s`, `3 min 20 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** `3 images`, `1 image`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** Left-aligned columns, two spaces apart. Cells have no colour codes yet: `paint` adds them. */
export function renderTable(
  rows: readonly (readonly string[])[],
  paint: (cell: string, row: number, column: number) => string = cell => cell,
): string {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length)
    })
  }
  return rows
    .map((row, index) =>
      row
        .map((cell, column) => {
          const padding = ' '.repeat((widths[column] ?? 0) - cell.length)
          return paint(cell, index, column) + (column === row.length - 1 ? '' : padding)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
