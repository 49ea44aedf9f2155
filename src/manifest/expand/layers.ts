import type { Path } from '../../schema/schema-structure.ts'
import type { WrittenImage } from '../schema/manifest-schema.ts'
import type { ParsedText } from '../schema/written-manifest.ts'
import type { SourceExcerpt, SourcePosition, Span } from '../source/source-text.ts'
import type { YamlSource } from '../source/yaml-source.ts'
import { findToken } from './variables.ts'

/** Fields that stand together in one place of a file. */
export interface Layer {
  readonly yaml: YamlSource
  readonly path: Path
  readonly fields: Partial<WrittenImage>
}

/** A value and its place. */
export interface Placed<Value> {
  readonly value: Value
  readonly yaml: YamlSource
  readonly path: Path
}

/** The layers below an image, the farthest first. */
export function defaultLayers(manifests: readonly ParsedText[]): readonly Layer[] {
  return manifests.flatMap(({ yaml, written }) => {
    const vars: Layer[] = written.vars ? [{ yaml, path: [], fields: { vars: written.vars } }] : []
    const { defaults } = written
    return defaults ? [...vars, { yaml, path: ['defaults'], fields: defaults }] : vars
  })
}

/** The nearest layer's value. */
export function pick<Key extends keyof WrittenImage>(
  layers: readonly Layer[],
  key: Key,
): Placed<NonNullable<WrittenImage[Key]>> | undefined {
  for (let index = layers.length - 1; index >= 0; index -= 1) {
    const layer = layers[index]
    const value: unknown = layer?.fields[key]
    if (layer && value !== undefined) {
      return {
        value: value as NonNullable<WrittenImage[Key]>,
        yaml: layer.yaml,
        path: [...layer.path, key],
      }
    }
  }
  return undefined
}

/** All layers' values of a mapping, merged key by key. */
export function merge<Key extends 'vars' | 'params' | 'output'>(
  layers: readonly Layer[],
  key: Key,
): NonNullable<WrittenImage[Key]> {
  const values = layers.map(({ fields }) => fields[key]).filter(value => value !== undefined)
  return Object.assign({}, ...values)
}

/** The nearest place that sets a key of a merged mapping. */
export function placeOf(
  layers: readonly Layer[],
  key: 'vars' | 'params' | 'output',
  inner: string,
): Placed<unknown> | undefined {
  const layer = layers.findLast(({ fields }) => Object.hasOwn(fields[key] ?? {}, inner))
  return layer && { value: undefined, yaml: layer.yaml, path: [...layer.path, key, inner] }
}

export function positionOf({ yaml, path }: Placed<unknown>): SourcePosition {
  return yaml.source.position(yaml.valueSpan(path).start)
}

export function excerptOf({ yaml, path }: Placed<unknown>): SourceExcerpt {
  const { file, line, column, frame } = yaml.source.diagnostic(yaml.valueSpan(path), '')
  return { file, line, column, frame }
}

/** The range of a text's double braces, counted from 0. */
export function tokenSpan({ yaml, path }: Placed<unknown>, occurrence: number): Span {
  const span = yaml.valueSpan(path)
  // Escapes and aliases hide the braces in the source: then this is the whole text.
  const token = findToken(yaml.source.text.slice(span.start, span.end), occurrence)
  if (!token) return span
  const start = span.start + token.index
  return { start, end: start + token.length }
}
