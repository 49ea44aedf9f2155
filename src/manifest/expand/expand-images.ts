import type { Path } from '../../schema/schema-structure.ts'
import { toExportName } from '../export-name.ts'
import type { WrittenImage } from '../schema/manifest-schema.ts'
import type { ParsedText } from '../schema/written-manifest.ts'
import type { Faults } from '../source/faults.ts'
import type { SourcePosition, Span } from '../source/source-text.ts'
import type { YamlSource } from '../source/yaml-source.ts'
import { fileNameProblem, foldName } from './file-names.ts'
import type { Layer } from './layers.ts'
import {
  countCombinations,
  expandMatrix,
  MAX_AXES,
  MAX_COMBINATIONS,
  toNamePart,
} from './matrix.ts'
import { isVariableName, MAX_VARIABLE_BYTES, type Scope, variableBytes } from './variables.ts'

/** Most images that one manifest may have, its matrices expanded. */
export const MAX_IMAGES = 10_000

/** One image with its name and everything that lies under it, its matrix expanded. */
export interface ExpandedImage {
  readonly name: string
  readonly exportName: string
  /** The name that it was written under: `hero` of `hero-light`. */
  readonly writtenName: string
  /** What is written at the image itself. */
  readonly own: Layer
  /** `own`, and all that lies under it, the farthest first. */
  readonly layers: readonly Layer[]
  /** The nearest first. */
  readonly variables: Scope
  readonly at: SourcePosition
  readonly span: Span
}

/** Names the images of a manifest. Names that clash are faults. */
export function expandImages(
  { yaml, written }: ParsedText,
  below: readonly Layer[],
  singleName: string,
  faults: Faults,
): readonly ExpandedImage[] {
  const expanded: ExpandedImage[] = []
  const byExportName = new Map<string, ExpandedImage>()
  const byFoldedName = new Map<string, ExpandedImage>()
  const report = (span: Span, message: string, hint?: string) =>
    faults.add(yaml.source.diagnostic(span, message, hint))
  checkVariables(below, report)

  for (const { name: writtenName, path, fields, span } of writtenImages()) {
    const own: Layer = { yaml, path, fields }
    const layers = [...below, own]
    checkVariables([own], report)
    const problem = nameProblem(writtenName)
    if (problem) {
      report(span, `${shorten(writtenName)} cannot be the name of an image: ${problem}.`)
      continue
    }
    const { matrix } = fields
    if (matrix && !checkMatrix(writtenName, matrix, yaml, path, report)) continue
    if (expanded.length + (matrix ? countCombinations(matrix) : 1) > MAX_IMAGES) {
      const hint = 'Spread them over several manifests.'
      report(span, `A manifest has at most ${MAX_IMAGES} images, matrices expanded.`, hint)
      break
    }
    const variables = layers.map(({ fields }) => fields.vars ?? {}).reverse()
    const at = yaml.source.position(span.start)
    const combinations = matrix
      ? expandMatrix(writtenName, matrix)
      : [{ name: writtenName, values: {} }]
    for (const { name, values } of combinations) {
      // Values can make a name long, or one of another image.
      const unusable = matrix && nameProblem(name)
      if (unusable) {
        report(span, `${shorten(name)} cannot be the name of an image: ${unusable}.`)
        break
      }
      const exportName = toExportName(name)
      if (exportName === undefined) {
        report(
          span,
          `The name ${JSON.stringify(name)} has no letter or digit to make an export of.`,
        )
        continue
      }
      const image: ExpandedImage = {
        name,
        exportName,
        writtenName,
        own,
        layers,
        variables: matrix ? [values, ...variables] : variables,
        at,
        span,
      }
      const folded = foldName(name)
      const other = byExportName.get(exportName) ?? byFoldedName.get(folded)
      if (other) reportClash(image, other)
      else byExportName.set(exportName, image)
      byFoldedName.set(folded, image)
      expanded.push(image)
    }
  }
  return expanded

  function writtenImages(): readonly {
    name: string
    path: Path
    fields: Partial<WrittenImage>
    span: Span
  }[] {
    if (!written.images) {
      const { $schema, extends: _, defaults, images, ...fields } = written
      return [{ name: singleName, path: [], fields, span: yaml.valueSpan(['prompt']) }]
    }
    return Object.entries(written.images).map(([name, fields]) => {
      const path = ['images', name]
      return { name, path, fields, span: yaml.keySpan(path) }
    })
  }

  function reportClash(image: ExpandedImage, other: ExpandedImage): void {
    const { line } = other.at
    const both = `\`${other.name}\` (line ${line}) and \`${image.name}\``
    report(
      image.span,
      image.name === other.name
        ? `Two images are called \`${image.name}\`: the other one is in line ${line}.`
        : image.exportName === other.exportName
          ? `${both} would both be exported as \`${image.exportName}\`.`
          : `${both} differ only in ${nameDifference(image.name, other.name)}, which some file systems do not tell apart.`,
      'Rename one of them.',
    )
  }
}

type Report = (span: Span, message: string, hint?: string) => void

function nameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'it is empty'
  if (name.includes('#')) return '"#" separates a manifest from an image on the command line'
  return fileNameProblem(name)
}

function nameDifference(a: string, b: string): string {
  return a.normalize('NFC') === b.normalize('NFC') ? 'their Unicode form' : 'upper and lower case'
}

function shorten(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name)
}

function checkVariables(layers: readonly Layer[], report: Report): void {
  for (const { yaml, path, fields } of layers) {
    const bytes = variableBytes(fields.vars ?? {})
    if (bytes > MAX_VARIABLE_BYTES) {
      const message = `These variables have ${bytes} bytes; at most ${MAX_VARIABLE_BYTES} are allowed.`
      report(yaml.keySpan([...path, 'vars']), message, 'Write long texts where they are needed.')
      continue
    }
    for (const [name, value] of Object.entries(fields.vars ?? {})) {
      const at = [...path, 'vars', name]
      if (!isVariableName(name)) report(yaml.keySpan(at), ...variableNameFault(name))
      if (String(value).includes('{{')) {
        const message = `Variables are not filled into other variables, but \`${name}\` has double braces.`
        report(yaml.valueSpan(at), message, 'Write the text out.')
      }
    }
  }
}

function variableNameFault(name: string): [string, string] {
  return [
    `${JSON.stringify(name)} cannot be the name of a variable.`,
    'Names start with a letter and go on with letters, digits, "-" and "_".',
  ]
}

function checkMatrix(
  name: string,
  matrix: NonNullable<WrittenImage['matrix']>,
  yaml: YamlSource,
  imagePath: Path,
  report: Report,
): boolean {
  const path = [...imagePath, 'matrix']
  let sound = true
  const fail = (span: Span, message: string, hint?: string) => {
    sound = false
    report(span, message, hint)
  }
  if (Object.keys(matrix).length === 0) {
    fail(
      yaml.keySpan(path),
      'The matrix has no axes.',
      'Write `theme: [light, dark]`, or remove it.',
    )
  }
  const axes = Object.entries(matrix)
  if (axes.length > MAX_AXES) {
    const message = `The matrix has ${axes.length} axes; ${MAX_AXES} are allowed.`
    fail(yaml.keySpan(path), message, 'Values that do not change belong under `vars`.')
    return false
  }
  for (const [axis, values] of axes) {
    if (!isVariableName(axis)) fail(yaml.keySpan([...path, axis]), ...variableNameFault(axis))
    for (const [index, value] of values.entries()) {
      if (toNamePart(value) !== '') continue
      const message = `${JSON.stringify(value)} gives no part of a name for \`${name}\`.`
      fail(yaml.valueSpan([...path, axis, index]), message, 'Values need a letter or a digit.')
    }
  }
  const count = countCombinations(matrix)
  if (count > MAX_COMBINATIONS) {
    const message = `The matrix makes ${count} images; ${MAX_COMBINATIONS} are allowed.`
    fail(yaml.keySpan(path), message, 'Write fewer values, or spread them over several images.')
  }
  return sound
}
