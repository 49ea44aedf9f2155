import { ManifestError } from '../../errors/manifest-error.ts'
import type { Path } from '../../schema/schema-structure.ts'
import { isRecord } from '../../system/is-record.ts'
import { createFaults } from '../source/faults.ts'
import { createSourceText } from '../source/source-text.ts'
import { parseYaml, type YamlSource } from '../source/yaml-source.ts'

/** @throws ManifestError when a text is not valid YAML */
export function parseForEdit(text: string, file: string): YamlSource {
  const faults = createFaults()
  const yaml = parseYaml(createSourceText(file, text), faults)
  faults.throwIfAny()
  if (!yaml) throw new TypeError(`${file} has no value and no fault.`)
  return yaml
}

/**
 * Where an image is written: at the root, or under its name. Undefined when it is not there.
 * @param name Undefined for a manifest of a single image.
 */
export function findWrittenImage(
  { value }: YamlSource,
  name: string | undefined,
): Path | undefined {
  const path: Path = name === undefined ? [] : ['images', name]
  const image = valueAt(value, path)
  const isImage = isRecord(image) && (name !== undefined || 'prompt' in image || 'source' in image)
  return isImage ? path : undefined
}

/** The name that an image of a matrix is written under: `hero` of `hero-light`. */
export function matrixOf({ value }: YamlSource, name: string): string | undefined {
  const images = valueAt(value, ['images'])
  if (!isRecord(images)) return undefined
  const written = Object.keys(images).filter(
    key => name.startsWith(`${key}-`) && hasMatrix(images[key]),
  )
  return written.sort((a, b) => b.length - a.length)[0]
}

/** @throws ManifestError that says what is wrong at a place of a manifest */
export function failAtPath(yaml: YamlSource, path: Path, message: string, hint: string): never {
  throw new ManifestError([yaml.source.diagnostic(yaml.keySpan(path), message, hint)])
}

/** What stands at a path of a value; undefined when nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) => (isRecord(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  )
}

function hasMatrix(image: unknown): boolean {
  return isRecord(image) && 'matrix' in image
}
