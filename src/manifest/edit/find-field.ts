import type { Path } from '../../schema/schema-structure.ts'
import { isRecord } from '../../system/is-record.ts'
import { createFaults } from '../source/faults.ts'
import { createSourceText, type SourcePosition } from '../source/source-text.ts'
import { parseYaml, type YamlSource } from '../source/yaml-source.ts'
import { findWrittenImage, valueAt } from './find-written-image.ts'

/**
 * The field of an image that a place in a manifest belongs to, as a path below the image; undefined
 * when the place is elsewhere.
 * @param name as it is written; undefined for a manifest of a single image
 */
export function findField(
  text: string,
  name: string | undefined,
  { line, column }: SourcePosition,
): readonly string[] | undefined {
  const yaml = parseYaml(
    createSourceText('manifest', text.replace(/^\u{feff}/u, '')),
    createFaults(),
  )
  const image = yaml && findWrittenImage(yaml, name)
  if (!image) return undefined
  const lines = yaml.source.text.split('\n')
  const before = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0)
  const found = descend(yaml, image, before + column - 1).slice(image.length)
  return found.length > 0 ? found.map(String) : undefined
}

function descend(yaml: YamlSource, path: Path, offset: number): Path {
  const value = valueAt(yaml.value, path)
  for (const key of isRecord(value) ? Object.keys(value) : []) {
    const inner = [...path, key]
    const { start } = yaml.keySpan(inner)
    if (offset >= start && offset < Math.max(yaml.keySpan(inner).end, yaml.valueSpan(inner).end)) {
      return descend(yaml, inner, offset)
    }
  }
  return path
}
