import {
  type Alias,
  type Document,
  isAlias,
  isScalar,
  type Node,
  type Pair,
  visit,
  type YAMLMap,
} from 'yaml'
import type { Faults } from './faults.ts'
import type { SourceText, Span } from './source-text.ts'
import { spanOf } from './yaml-locator.ts'

const CORE_TAGS = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map(name => `tag:yaml.org,2002:${name}`),
)
/** Code that takes objects for dictionaries drops or misreads own keys of these names. */
const UNSAFE_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/** Fields of prose, where a colour such as `#0f172a` is likelier than a comment. */
const PROSE_KEYS = new Set(['prompt', 'style', 'alt'])

type Report = (span: Span, message: string, hint: string) => void

/** Finds what the library lets pass: duplicate and unsafe keys, custom tags, prose that a `#` cuts short. */
export function checkYaml(document: Document.Parsed, source: SourceText, faults: Faults): void {
  const report: Report = (span, message, hint) => faults.add(source.diagnostic(span, message, hint))
  visit(document, {
    Node: (_, node) => checkTag(node, source, report),
    Pair: (_, pair) => checkProse(pair, source, report),
    Map: (_, map) => checkKeys(map, source, report),
  })
}

function checkTag(node: Node | Alias, { text }: SourceText, report: Report): void {
  if (isAlias(node) || !node.tag || !node.range) return
  const start = text.lastIndexOf('!', node.range[0])
  const written = /^!\S*/.exec(text.slice(start))?.[0]
  if (start === -1 || !written || CORE_TAGS.has(node.tag)) return
  report(
    { start, end: start + written.length },
    `The tag \`${written}\` is not allowed in a manifest.`,
    'Remove it, or put text that starts with "!" in quotes.',
  )
}

function checkProse({ key, value }: Pair, { text }: SourceText, report: Report): void {
  if (!isScalar(key) || !PROSE_KEYS.has(String(key.value))) return
  if (!isScalar(value) || value.type !== 'PLAIN' || !value.range) return
  const [, end] = value.range
  const cut = /^[ \t]+(#[^\s#]+)/.exec(text.slice(end, end + 80))
  if (!cut?.[1]) return
  const start = end + cut[0].length - cut[1].length
  report(
    { start, end: start + cut[1].length },
    `YAML reads everything from \`${cut[1]}\` on as a comment, so it would not be part of the text.`,
    'Put the text in quotes, or write a space after # for a comment.',
  )
}

/** Takes time in proportion to the number of keys, which the library's own check does not. */
function checkKeys({ items }: YAMLMap, source: SourceText, report: Report): void {
  const seen = new Map<string, Span>()
  for (const { key } of items) {
    const name = isScalar(key) ? String(key.value) : undefined
    if (name === undefined) continue
    const span = spanOf(key)
    const first = seen.get(name)
    if (first) {
      const { line } = source.position(first.start)
      const message = `The key \`${name}\` appears twice. The first one is in line ${line}.`
      report(span, message, 'Remove or rename one of them.')
    } else {
      seen.set(name, span)
    }
    if (UNSAFE_KEYS.has(name)) {
      report(span, `\`${name}\` cannot be used as a key.`, 'Choose another name.')
    }
  }
}
