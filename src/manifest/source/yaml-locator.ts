import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml'
import type { Path } from '../../schema/schema-structure.ts'
import type { Span } from './source-text.ts'

/** Finds what stands at a path of a document. */
export interface YamlLocator {
  /** The range of the value at `path`, or of its nearest parent when the value is absent. */
  valueSpan(path: Path): Span
  /** The range of the last key in `path`. */
  keySpan(path: Path): Span
  /** Whether the collection at `path` is written with brackets. */
  isFlow(path: Path): boolean
  /** The number at `path` as it is written, through an alias too; undefined when there is no number. */
  numberText(path: Path): string | undefined
  /** Whether an alias (`*name`) stands at `path`. */
  isAlias(path: Path): boolean
}

export function createYamlLocator(document: Document.Parsed): YamlLocator {
  // A manifest may have thousands of images: searching from the start for each takes quadratic time.
  const pairsByMap = new WeakMap<YAMLMap, Map<string, Pair>>()

  function pairOf(map: YAMLMap, key: string | number): Pair | undefined {
    let pairs = pairsByMap.get(map)
    if (!pairs) {
      pairs = new Map()
      for (const pair of map.items) {
        // Of two equal keys the last one counts.
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
      // The value of a key without one is a null of no width.
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

export function spanOf(node: unknown): Span {
  const range = isNode(node) ? node.range : undefined
  return range ? { start: range[0], end: range[1] } : { start: 0, end: 1 }
}
