import { Document, isCollection, isScalar, isSeq, Scalar, visit } from 'yaml'
import type { Json } from '../../system/json.ts'

/** Columns of a folded text, and of a list in brackets. */
const WIDTH = 80

export interface PairPlace {
  /** Column of the key, from 0. */
  readonly indent: number
  /** Whether it stands in brackets. */
  readonly isFlow: boolean
  /** How the text was written that a new one takes the place of. */
  readonly style?: Scalar.Type
}

/**
 * `name: value` as YAML, ready to stand at a place: its first line is not indented.
 * @param name as it is to be written, quotes included
 */
export function renderPair(
  name: string,
  value: Json,
  { indent, isFlow, style }: PairPlace,
): string {
  const document = new Document({ key: value })
  visit(document, {
    Collection(_key, node) {
      const isRoot = node === document.contents
      // Short lists stand in brackets, as people write them.
      const isShort = isSeq(node) && JSON.stringify(node).length < WIDTH
      if (isFlow || (isShort && !isRoot)) node.flow = true
    },
    Scalar(_key, node, path) {
      const isInFlow = path.some(parent => isCollection(parent) && parent.flow === true)
      // Brackets hold one line.
      if (isInFlow && String(node.value).includes('\n')) node.type = Scalar.QUOTE_DOUBLE
    },
  })
  const scalar = document.get('key', true)
  if (isScalar(scalar) && typeof scalar.value === 'string') {
    const kept = keptStyle(scalar.value, style, isFlow)
    if (kept) scalar.type = kept
  }
  const isFolded = style === Scalar.BLOCK_FOLDED
  const text = document
    .toString({
      lineWidth: isFolded ? Math.max(40, WIDTH - indent) : 0,
      doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
    })
    .trimEnd()
  const pair = isFlow ? text.replace(/^\{ /, '').replace(/ \}$/, '') : text
  const [first = '', ...lines] = pair.split('\n')
  const padded = lines.map(line => (line === '' ? '' : ' '.repeat(indent) + line))
  return [name + first.slice('key'.length), ...padded].join('\n')
}

/** The style of the text before, where it suits: several lines read best as a block. */
function keptStyle(
  value: string,
  style: Scalar.Type | undefined,
  isFlow: boolean,
): Scalar.Type | undefined {
  if (style === Scalar.BLOCK_LITERAL || style === Scalar.BLOCK_FOLDED) {
    return isFlow || value.trim() === '' ? undefined : style
  }
  return value.includes('\n') ? undefined : style
}
