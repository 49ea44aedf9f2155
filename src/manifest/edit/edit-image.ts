import { isDeepStrictEqual } from 'node:util'
import { type Document, isAlias, isMap, isScalar, type YAMLMap } from 'yaml'
import type { Path } from '../../schema/schema-structure.ts'
import { isRecord } from '../../system/is-record.ts'
import type { Json } from '../../system/json.ts'
import { composeYaml } from '../source/compose-yaml.ts'
import { createFaults } from '../source/faults.ts'
import { createSourceText } from '../source/source-text.ts'
import type { YamlSource } from '../source/yaml-source.ts'
import { failAtPath, findWrittenImage, parseForEdit, valueAt } from './find-written-image.ts'
import { insertPair, removePair, replaceValue, type Splice, splice } from './splice-pair.ts'

/** One change of a field of an image. */
export interface FieldEdit {
  /** Below the image: `['output', 'position']`. Never empty. */
  readonly path: readonly string[]
  /** `null` removes the field. Of a mapping only what differs is written. */
  readonly value: Json
}

/**
 * Writes fields of an image into a manifest's text. Everything else stays as it is, byte for byte:
 * comments, layout, the style of a text that is replaced.
 *
 * @param name as it is written under `images`; undefined for a manifest of a single image
 * @param file for messages: manifest path relative to the project root
 * @throws ManifestError when the text is not valid YAML, has no such image, or the fields can't be
 * written without changing others
 */
export function editImage(
  text: string,
  name: string | undefined,
  edits: readonly FieldEdit[],
  file = 'manifest',
): string {
  // The byte order mark would shift every offset.
  const mark = text.startsWith('\u{feff}') ? '\u{feff}' : ''
  const body = text.slice(mark.length)
  const before = parseForEdit(body, file)
  const image = findWrittenImage(before, name)
  if (!image) {
    const hint = 'It may have been renamed. Read the manifest again.'
    return failAtPath(before, ['images'], `There is no image \`${name ?? file}\` here.`, hint)
  }
  if (before.isAlias(image)) {
    const hint = 'Write the image out, with fields of its own.'
    return failAtPath(before, image, 'The image is an alias of another mapping.', hint)
  }
  const changes = edits.flatMap(({ path, value }) =>
    listChanges(before, [...image, ...path], value),
  )
  const edited = changes.reduce((current, change) => applyChange(current, change, file), body)
  checkOthers(before, edited, changes, file)
  return mark + edited
}

/** A change of one value that is no mapping, or of a mapping that is new. */
interface Change {
  readonly path: Path
  /** `null` removes it. */
  readonly value: Json
}

function listChanges(yaml: YamlSource, path: Path, value: Json): readonly Change[] {
  const present = valueAt(yaml.value, path)
  if (isDeepStrictEqual(present, value) || (present === undefined && value === null)) return []
  if (isRecord(present) && isRecord(value)) {
    const keys = new Set([...Object.keys(present), ...Object.keys(value)])
    return [...keys].flatMap(key => listChanges(yaml, [...path, key], value[key] ?? null))
  }
  return [{ path, value: withFinalLineBreak(value, present) }]
}

/** Editors of the page drop the line break that ends a block of text. It counts for nothing. */
function withFinalLineBreak(value: Json, present: unknown): Json {
  const isBlock = typeof present === 'string' && /[^\n]\n$/.test(present)
  return isBlock && typeof value === 'string' && /\S$/.test(value) ? `${value}\n` : value
}

function applyChange(text: string, { path, value }: Change, file: string): string {
  const document = composeYaml(createSourceText(file, text), createFaults())
  const edit = document && planSplice(document, text, { path, value })
  if (edit) return splice(text, edit)
  return refuse(parseForEdit(text, file), path)
}

/** What to put where; undefined when there is no place. */
function planSplice(
  { contents }: Document.Parsed,
  text: string,
  { path, value }: Change,
): Splice | undefined {
  let map: unknown = contents
  for (const [index, key] of path.entries()) {
    if (!isMap(map)) return undefined
    const pair = pairOf(map, key)
    const rest = path.slice(index + 1)
    if (!pair)
      return value === null ? undefined : insertPair(text, map, String(key), nest(rest, value))
    if (rest.length === 0) {
      return value === null ? removePair(text, map, pair) : replaceValue(text, map, pair, value)
    }
    if (isAlias(pair.value)) return undefined
    if (!isMap(pair.value))
      return value === null ? undefined : replaceValue(text, map, pair, nest(rest, value))
    // Without its last field nothing is left of a mapping.
    if (value === null && rest.length === 1 && pair.value.items.length === 1) {
      return removePair(text, map, pair)
    }
    map = pair.value
  }
  return undefined
}

function pairOf(map: YAMLMap, name: string | number) {
  return map.items.find(({ key }) => isScalar(key) && String(key.value) === String(name))
}

function nest(path: Path, value: Json): Json {
  return path.reduceRight<Json>((inner, key) => ({ [String(key)]: inner }), value)
}

/** Proves that the new text says what was asked for, and nothing else that is new. */
function checkOthers(
  before: YamlSource,
  edited: string,
  changes: readonly Change[],
  file: string,
): void {
  const expected = changes.reduce<unknown>(
    (value, change) => withValue(value, change.path, change.value),
    before.value,
  )
  const faults = createFaults()
  const { path = [] } = changes[0] ?? {}
  if (composeYaml(createSourceText(file, edited), faults) === undefined) refuse(before, path)
  if (!isDeepStrictEqual(parseForEdit(edited, file).value, expected)) refuse(before, path)
}

function refuse(yaml: YamlSource, path: Path): never {
  const field = path.filter(key => key !== 'images').join('.')
  return failAtPath(
    yaml,
    path,
    `\`${field}\` can't be written here without changing other parts of the manifest.`,
    'Edit it in the YAML: an anchor or an unusual layout stands in the way.',
  )
}

/** A value with another one at a path. A mapping that loses its last field goes, unless an image is left. */
function withValue(owner: unknown, [key, ...rest]: Path, value: Json): unknown {
  if (key === undefined) return value
  const { [key]: present, ...others } = isRecord(owner) ? owner : {}
  if (rest.length === 0 && value === null) return others
  const inner = withValue(present, rest, value)
  const isGone =
    value === null && rest.length === 1 && isRecord(inner) && Object.keys(inner).length === 0
  if (isGone) return others
  return isRecord(owner) && Object.hasOwn(owner, key)
    ? Object.fromEntries(
        Object.entries(owner).map(([name, old]) => [name, name === key ? inner : old]),
      )
    : { ...others, [key]: inner }
}
