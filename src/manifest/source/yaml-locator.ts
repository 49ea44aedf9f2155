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

export function createYamlLocator(document: Document.Parsed): YamlLocator {
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

export function spanOf(node: unknown): Span {
  const range = isNode(node) ? node.range : undefined
  return range ? { start: range[0], end: range[1] } : { start: 0, end: 1 }
}
