import {
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  type Pair,
  Scalar,
  stringify,
  type YAMLMap,
} from 'yaml'
import type { Json } from '../../system/json.ts'
import { spanOf } from '../source/yaml-locator.ts'
import { renderPair } from './render-pair.ts'

/** A part of a text, and what takes its place. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

export function splice(text: string, { start, end, text: added }: Splice): string {
  const own = text.includes('\r\n') ? added.replace(/\r?\n/g, '\r\n') : added
  return text.slice(0, start) + own + text.slice(end)
}

/** Another value for a key that is there. A comment behind the old one stays. */
export function replaceValue(text: string, map: YAMLMap, pair: Pair, value: Json): Splice {
  const key = spanOf(pair.key)
  const colon = text.indexOf(':', key.end) + 1
  const old = spanOf(pair.value)
  const isEmpty = !isNode(pair.value) || old.end <= old.start
  const style = isScalar(pair.value) && !isEmpty ? pair.value.type : undefined
  const indent = columnOf(text, key.start)
  const name = text.slice(key.start, key.end)
  const rendered = renderPair(name, value, {
    indent,
    isFlow: map.flow === true,
    ...(style && { style: style as Scalar.Type }),
  }).slice(name.length + 1)
  if (isEmpty) return { start: colon, end: colon, text: rendered }
  const end = old.start + text.slice(old.start, old.end).trimEnd().length
  // A block of text or a list of lines begins behind the key; a plain value stays in its place.
  const isInline =
    !rendered.includes('\n') && !isBlockStyle(style) && !isBlockCollection(pair.value)
  if (isInline) return { start: old.start, end, text: rendered.trimStart() }
  const start = isScalar(pair.value) ? old.start : colon
  const [head = '', ...lines] = rendered.split('\n')
  const first = start === colon ? head : head.trimStart()
  // What stands behind the old value on its line stands behind the new one's first line.
  const lineEnd = isBlockStyle(style) || isBlockCollection(pair.value) ? end : endOfLine(text, end)
  const comment = text.slice(end, lineEnd)
  return { start, end: lineEnd, text: [first + comment, ...lines].join('\n') }
}

/** A further key, on a line of its own below the others, or behind them in brackets. */
export function insertPair(
  text: string,
  map: YAMLMap,
  name: string,
  value: Json,
): Splice | undefined {
  const key = stringify(name).trimEnd()
  const [first] = map.items
  const last = map.items.at(-1)
  if (map.flow === true) {
    const added = renderPair(key, value, { indent: 0, isFlow: true })
    if (last) {
      const at = contentEnd(text, last)
      return { start: at, end: at, text: `, ${added}` }
    }
    const { start, end } = spanOf(map)
    return { start, end, text: `{ ${added} }` }
  }
  if (!first || !last) return undefined
  const indent = columnOf(text, spanOf(first.key).start)
  const at = endOfLine(text, contentEnd(text, last))
  const added = renderPair(key, value, { indent, isFlow: false })
  return { start: at, end: at, text: `\n${' '.repeat(indent)}${added}` }
}

/** Removes a key, its value, and the comment behind it. Comments on lines of their own stay. */
export function removePair(text: string, map: YAMLMap, pair: Pair): Splice | undefined {
  const { start } = spanOf(pair.key)
  const end = contentEnd(text, pair)
  if (map.flow === true) {
    const after = /^\s*,[ \t]*/.exec(text.slice(end))
    if (after) return { start, end: end + after[0].length, text: '' }
    const before = /,\s*$/.exec(text.slice(0, start))
    return { start: start - (before?.[0].length ?? 0), end, text: '' }
  }
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  // The first key of a list's item stands behind its dash.
  if (text.slice(lineStart, start).trim() !== '') return undefined
  const lineEnd = endOfLine(text, end)
  const isLastLine = lineEnd >= text.length
  return isLastLine
    ? { start: Math.max(0, lineStart - 1), end: text.length, text: '' }
    : {
        start: lineStart,
        end: text.startsWith('\r', lineEnd) ? lineEnd + 2 : lineEnd + 1,
        text: '',
      }
}

/** Where the text of a pair ends, without the blank lines and comments below it. */
function contentEnd(text: string, pair: Pair): number {
  const { value } = pair
  const last = isCollection(value) && value.flow !== true ? value.items.at(-1) : undefined
  if (last !== undefined) {
    if (isPair(last)) return contentEnd(text, last)
    return isMap(last) && last.flow !== true && last.items.length > 0
      ? contentEnd(text, last.items.at(-1) as Pair)
      : trimmedEnd(text, spanOf(last))
  }
  const span = spanOf(value)
  if (isNode(value) && span.end > span.start) return trimmedEnd(text, span)
  return text.indexOf(':', spanOf(pair.key).end) + 1
}

function trimmedEnd(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
) {
  return start + text.slice(start, end).trimEnd().length
}

/** Of the line that a place is in, before its line break. */
function endOfLine(text: string, at: number): number {
  const found = text.indexOf('\n', at)
  if (found < 0) return text.length
  return text[found - 1] === '\r' && found - 1 >= at ? found - 1 : found
}

function columnOf(text: string, at: number): number {
  return at - (text.lastIndexOf('\n', at - 1) + 1)
}

function isBlockStyle(style: string | null | undefined): boolean {
  return style === Scalar.BLOCK_LITERAL || style === Scalar.BLOCK_FOLDED
}

function isBlockCollection(value: unknown): boolean {
  return isCollection(value) && value.flow !== true
}
