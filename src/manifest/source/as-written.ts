import type { Path } from '../../schema/schema-structure.ts'
import { isRecord } from '../../system/is-record.ts'
import { createFaults } from './faults.ts'
import { createSourceText } from './source-text.ts'
import { parseYaml, type YamlSource } from './yaml-source.ts'

/** Blanks at the end of a line, except one that a backslash makes part of the text. */
const BLANKS_AT_LINE_ENDS = /(?<![\\ \t])[ \t]+(?=\r?$)/gm

/** Editors remove them when they save a file, so they must not count in any text. */
export function withoutBlanksAtLineEnds(text: string): string {
  return text.replace(BLANKS_AT_LINE_ENDS, '')
}

/**
 * A document's value as its author wrote it: without blanks at line ends, and with numbers in `vars`
 * and `matrix` as text where JavaScript would print them differently (`1.10`, `007`).
 *
 * @returns `yaml.value` itself when nothing differs.
 */
export function valueAsWritten(yaml: YamlSource): unknown {
  const { file, text } = yaml.source
  const trimmed = withoutBlanksAtLineEnds(text)
  if (trimmed === text) return withNumbersAsWritten(yaml)
  // Parses again, because only the parser knows where a folded line ends. The first pass reported the faults.
  const again = parseYaml(createSourceText(file, trimmed), createFaults())
  return withNumbersAsWritten(again ?? yaml)
}

function withNumbersAsWritten(yaml: YamlSource): unknown {
  const { value } = yaml
  if (!isRecord(value)) return value
  const manifest = withVariables(yaml, value, [])
  const defaults = withMember(manifest, 'defaults', inner =>
    withVariables(yaml, inner, ['defaults']),
  )
  return withMember(defaults, 'images', images =>
    mapMembers(images, (image, name) =>
      isRecord(image) ? withVariables(yaml, image, ['images', name]) : image,
    ),
  )
}

function withVariables(yaml: YamlSource, fields: Mapping, path: Path): Mapping {
  const written = (value: unknown, at: Path): unknown => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return value
    const text = yaml.numberText(at)
    return text === undefined || text === String(value) ? value : text
  }
  const withVars = withMember(fields, 'vars', vars =>
    mapMembers(vars, (value, name) => written(value, [...path, 'vars', name])),
  )
  return withMember(withVars, 'matrix', matrix =>
    mapMembers(matrix, (values, axis) =>
      Array.isArray(values)
        ? mapItems(values, (value, index) => written(value, [...path, 'matrix', axis, index]))
        : values,
    ),
  )
}

type Mapping = Readonly<Record<string, unknown>>

function withMember(owner: Mapping, name: string, change: (member: Mapping) => Mapping): Mapping {
  const member = owner[name]
  if (!isRecord(member)) return owner
  const changed = change(member)
  return changed === member ? owner : { ...owner, [name]: changed }
}

/** Returns the mapping itself when no member changes: aliases may share it, and most have no numbers. */
function mapMembers(mapping: Mapping, change: (value: unknown, name: string) => unknown): Mapping {
  const entries = Object.entries(mapping).map(([name, value]) => [name, change(value, name)])
  const changed = entries.some(([name, value]) => value !== mapping[String(name)])
  return changed ? Object.fromEntries(entries) : mapping
}

function mapItems(
  items: readonly unknown[],
  change: (value: unknown, index: number) => unknown,
): readonly unknown[] {
  const mapped = items.map(change)
  return mapped.some((value, index) => value !== items[index]) ? mapped : items
}
