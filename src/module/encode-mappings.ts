/** One mapping of a source map: a place in the generated text and its source. All count from 0. */
export interface Mapping {
  readonly line: number
  readonly column: number
  readonly sourceLine: number
  readonly sourceColumn: number
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * The `mappings` of a source map (ECMA-426) with a single source. Columns are UTF-16 units. Pure.
 * @param mappings in the order of the generated text
 */
export function encodeMappings(mappings: readonly Mapping[]): string {
  let encoded = ''
  let last: Mapping = { line: 0, column: 0, sourceLine: 0, sourceColumn: 0 }
  for (const [index, mapping] of mappings.entries()) {
    const lines = mapping.line - last.line
    encoded += lines > 0 ? ';'.repeat(lines) : index > 0 ? ',' : ''
    encoded += [
      mapping.column - (lines > 0 ? 0 : last.column),
      0,
      mapping.sourceLine - last.sourceLine,
      mapping.sourceColumn - last.sourceColumn,
    ]
      .map(encodeNumber)
      .join('')
    last = mapping
  }
  return encoded
}

/** Base 64 VLQ: five bits a digit, the lowest first; the first bit is the sign. */
function encodeNumber(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2
  let digits = ''
  do {
    const isLast = rest < 32
    digits += DIGITS.charAt((rest % 32) + (isLast ? 0 : 32))
    rest = Math.floor(rest / 32)
  } while (rest > 0)
  return digits
}
