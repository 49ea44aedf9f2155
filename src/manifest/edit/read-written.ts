import { isRecord } from '../../system/is-record.ts'
import { isJson, type Json } from '../../system/json.ts'
import { createFaults } from '../source/faults.ts'
import type { SourcePosition } from '../source/source-text.ts'
import { createSourceText } from '../source/source-text.ts'
import { parseYaml } from '../source/yaml-source.ts'
import { findWrittenImage, matrixOf, valueAt } from './find-written-image.ts'

/** The fields of an image as they are written. */
export interface WrittenFields {
  /** The name that it is written under; undefined for a manifest of a single image. */
  readonly name: string | undefined
  readonly fields: Readonly<Record<string, Json>>
  /** Whether a matrix makes several images of it. */
  readonly isMatrix: boolean
  readonly at: SourcePosition
}

/**
 * Reads what a manifest's text says of an image, however faulty the rest is; undefined when the text
 * is not valid YAML, or has no such image.
 * @param name of the image, that of one of a matrix too; undefined for a manifest of a single image
 */
export function readWritten(
  text: string,
  name: string | undefined,
  file = 'manifest',
): WrittenFields | undefined {
  const faults = createFaults()
  const yaml = parseYaml(createSourceText(file, text.replace(/^\u{feff}/u, '')), faults)
  if (!yaml) return undefined
  const exact = findWrittenImage(yaml, name)
  const written = exact || name === undefined ? name : matrixOf(yaml, name)
  const path = exact ?? (written === undefined ? undefined : findWrittenImage(yaml, written))
  if (!path) return undefined
  const fields = jsonFields(valueAt(yaml.value, path))
  if (path.length === 0) for (const key of ROOT_KEYS) delete fields[key]
  return {
    name: written,
    fields,
    isMatrix: 'matrix' in fields,
    at: yaml.source.position(yaml.keySpan(path).start),
  }
}

/** What a manifest's own `defaults` say; nothing when the text is not valid YAML. */
export function readDefaults(text: string): Readonly<Record<string, Json>> {
  const source = createSourceText('manifest', text.replace(/^\u{feff}/u, ''))
  return jsonFields(valueAt(parseYaml(source, createFaults())?.value, ['defaults']))
}

/** Of a manifest, not of its single image. */
const ROOT_KEYS = ['$schema', 'extends', 'defaults']

function jsonFields(value: unknown): Record<string, Json> {
  const entries = Object.entries(isRecord(value) ? value : {})
  return Object.fromEntries(
    entries.flatMap(([key, field]) => (isJson(field) ? [[key, field] as const] : [])),
  )
}
