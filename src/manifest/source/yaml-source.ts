import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  Parser,
  visit,
  type YAMLMap,
} from 'yaml'
import type { Path } from '../../schema/schema-structure.ts'
import type { Faults } from './faults.ts'
import type { SourceText, Span } from './source-text.ts'

/** A parsed document: its plain value, and where each part of it stands. */
export interface YamlSource {
  readonly source: SourceText
  readonly value: unknown
  /** Of the value at `path`; where that is absent, of the nearest thing above it. */
  valueSpan(path: Path): Span
  /** Of the key that `path` ends in. */
  keySpan(path: Path): Span
  /** Whether the collection at `path` is written with brackets. */
  isFlow(path: Path): boolean
  /** The number at `path` as it is written, an alias followed; undefined where no number stands. */
  numberText(path: Path): string | undefined
  /** Whether an alias (`*name`) stands at `path`. */
  isAlias(path: Path): boolean
}

/** Collections and documents within each other. A manifest needs six levels; recursion must not run out of stack. */
const MAX_DEPTH = 60
/** What the library spends on resolving aliases before it calls a document a bomb. */
const MAX_ALIASES = 100
/** Syntax faults that are reported: further ones tend to follow from the first. */
const MAX_SYNTAX_FAULTS = 3
const CORE_TAGS = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map(name => `tag:yaml.org,2002:${name}`),
)
/** Own keys of these names are dropped or misread by code that takes objects for dictionaries. */
const UNSAFE_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/** @returns undefined when the text is no YAML document that can be looked into; the faults say why. */
export function parseYaml(source: SourceText, faults: Faults): YamlSource | undefined {
  const document = compose(source, faults)
  if (!document) return undefined
  checkNodes(document, source, faults)
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    return { source, value, ...createLocator(document) }
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    const unresolved = /Unresolved alias.*: (.*)$/.exec(error.message)?.[1]
    const start = Math.max(0, source.text.indexOf(unresolved ? `*${unresolved}` : '*'))
    faults.add(
      unresolved
        ? source.diagnostic(
            { start, end: start + unresolved.length + 1 },
            `The alias \`*${unresolved}\` has no anchor \`&${unresolved}\` above it.`,
            'Text that starts with an asterisk needs quotes.',
          )
        : source.diagnostic(
            { start, end: start + 1 },
            'The aliases of this manifest expand to too much.',
            'Write shared settings under `defaults`.',
          ),
    )
    return undefined
  }
}

function compose(source: SourceText, faults: Faults): Document.Parsed | undefined {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  let offset = 0
  for (const lexeme of new Lexer().lex(source.text)) {
    for (const token of parser.next(lexeme)) tokens.push(token)
    if (parser.stack.length > MAX_DEPTH) {
      const message = 'The YAML is nested too deeply for a manifest.'
      faults.add(source.diagnostic({ start: offset, end: offset + 1 }, message))
      return undefined
    }
    offset = parser.offset
  }
  for (const token of parser.end()) tokens.push(token)

  // Duplicate keys are found in `checkNodes`, in time that is linear in the number of keys.
  const composer = new Composer({ uniqueKeys: false, stringKeys: true, merge: false })
  const documents = [...composer.compose(tokens, true, source.text.length)]
  const [document, second] = documents
  if (!document) return undefined
  for (const { pos, message, code } of document.errors.slice(0, MAX_SYNTAX_FAULTS)) {
    const indent = /^[ ]*/.exec(source.text.slice(pos[0]))?.[0].length ?? 0
    faults.add(
      source.diagnostic(
        { start: pos[0] + indent, end: Math.max(pos[1], pos[0] + indent + 1) },
        `This is not valid YAML: ${lowerFirst(message)}.`,
        SYNTAX_HINTS[code],
      ),
    )
  }
  if (second && document.errors.length === 0) {
    const separator = source.text.lastIndexOf('---', second.range[0])
    const start = separator === -1 ? second.range[0] : separator
    const message = 'A manifest is one YAML document; a second one starts here.'
    faults.add(source.diagnostic({ start, end: start + 3 }, message, 'Put it into its own file.'))
  }
  return document.errors.length > 0 || second ? undefined : document
}

const SYNTAX_HINTS: Partial<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'Text that contains ": " needs quotes.',
  TAB_AS_INDENT: 'Indent with spaces.',
  BAD_INDENT: 'Keys of one mapping start in the same column.',
  MULTILINE_IMPLICIT_KEY: 'Is there a ":" missing behind a key, or text that needs quotes?',
  NON_STRING_KEY: 'Keys are plain words.',
}

/** Fields of prose, where a colour such as `#0f172a` is likelier than a comment. */
const PROSE_KEYS = new Set(['prompt', 'style', 'alt'])

/** What the library lets pass: duplicate and unsafe keys, custom tags, prose that a `#` cuts short. */
function checkNodes(document: Document.Parsed, source: SourceText, faults: Faults): void {
  visit(document, {
    Node(_, node) {
      if (isAlias(node) || !node.tag || !node.range) return
      const start = source.text.lastIndexOf('!', node.range[0])
      const written = /^!\S*/.exec(source.text.slice(start))?.[0]
      if (start === -1 || !written || CORE_TAGS.has(node.tag)) return
      faults.add(
        source.diagnostic(
          { start, end: start + written.length },
          `The tag \`${written}\` means nothing in a manifest.`,
          'Remove it; text that starts with an exclamation mark needs quotes.',
        ),
      )
    },
    Pair(_, { key, value }) {
      if (!isScalar(key) || !PROSE_KEYS.has(String(key.value))) return
      if (!isScalar(value) || value.type !== 'PLAIN' || !value.range) return
      const [, end] = value.range
      const cut = /^[ \t]+(#[^\s#]+)/.exec(source.text.slice(end, end + 80))
      if (!cut?.[1]) return
      const start = end + cut[0].length - cut[1].length
      faults.add(
        source.diagnostic(
          { start, end: start + cut[1].length },
          `YAML takes everything from \`${cut[1]}\` on as a comment, so that it would not be sent.`,
          'Put the text into quotes; or, for a comment, a space behind the #.',
        ),
      )
    },
    Map(_, map) {
      const seen = new Map<string, Span>()
      for (const { key } of map.items) {
        const name = isScalar(key) ? String(key.value) : undefined
        if (name === undefined) continue
        const span = spanOf(key)
        const first = seen.get(name)
        if (first) {
          const { line } = source.position(first.start)
          const message = `The key \`${name}\` is there twice: first in line ${line}.`
          faults.add(source.diagnostic(span, message, 'Remove or rename one of them.'))
        } else {
          seen.set(name, span)
        }
        if (UNSAFE_KEYS.has(name)) {
          const message = `\`${name}\` cannot be used as a key.`
          faults.add(source.diagnostic(span, message, 'Choose another name.'))
        }
      }
    },
  })
}

function createLocator(document: Document.Parsed): Omit<YamlSource, 'source' | 'value'> {
  // A manifest may have thousands of images: a search from the start for each would take the square.
  const pairsByMap = new WeakMap<YAMLMap, Map<string, Pair>>()

  function pairOf(map: YAMLMap, key: string | number): Pair | undefined {
    let pairs = pairsByMap.get(map)
    if (!pairs) {
      pairs = new Map()
      for (const pair of map.items) {
        // The last of two equal keys is the one that counts.
        if (isScalar(pair.key)) pairs.set(String(pair.key.value), pair)
      }
      pairsByMap.set(map, pairs)
    }
    return pairs.get(String(key))
  }

  function find(path: Path): Node | Pair | undefined {
    let found: Node | Pair | undefined = document.contents ?? undefined
    for (const segment of path) {
      const node: unknown = isPair(found) ? (found.value ?? found.key) : found
      const next: unknown = isMap(node)
        ? pairOf(node, segment)
        : isSeq(node)
          ? node.items[Number(segment)]
          : undefined
      if (!isNode(next) && !isPair(next)) return found
      found = next
    }
    return found
  }

  function nodeAt(path: Path): unknown {
    const found = find(path)
    return isPair(found) ? found.value : found
  }

  return {
    valueSpan(path) {
      const found = find(path)
      if (!isPair(found)) return spanOf(found)
      const value = spanOf(found.value)
      // A key without a value: the null that stands for it has no width.
      return value.end > value.start ? value : spanOf(found.key)
    },
    keySpan(path) {
      const found = find(path)
      return spanOf(isPair(found) ? found.key : found)
    },
    isFlow(path) {
      const node = nodeAt(path)
      return (isMap(node) || isSeq(node)) && node.flow === true
    },
    numberText(path) {
      const node = nodeAt(path)
      const scalar = isAlias(node) ? node.resolve(document) : node
      return isScalar(scalar) && typeof scalar.value === 'number' ? scalar.source : undefined
    },
    isAlias(path) {
      return isAlias(nodeAt(path))
    },
  }
}

function spanOf(node: unknown): Span {
  const range = isNode(node) ? node.range : undefined
  return range ? { start: range[0], end: range[1] } : { start: 0, end: 1 }
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}
