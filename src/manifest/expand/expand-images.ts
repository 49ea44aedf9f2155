import { toExportName } from '../export-name.ts'
import type { ParsedText } from '../schema/written-manifest.ts'
import type { Faults } from '../source/faults.ts'
import type { Span } from '../source/source-text.ts'
import { checkMatrix, checkVariables, type Report } from './check-variables.ts'
import type { ExpandedImage } from './expanded-image.ts'
import type { Layer } from './layers.ts'
import { countCombinations, expandMatrix } from './matrix.ts'
import { createImageNames, imageNameProblem } from './names/image-names.ts'

/** The most images of one manifest, after its matrices are expanded. */
export const MAX_IMAGES = 10_000

/** One image as it is written. */
interface NamedLayer extends Layer {
  readonly name: string
  readonly span: Span
}

/** Expands the images of a manifest and names them. Reports names that clash. */
export function expandImages(
  parsed: ParsedText,
  below: readonly Layer[],
  singleName: string,
  faults: Faults,
): readonly ExpandedImage[] {
  const { source } = parsed.yaml
  const report: Report = (...fault) => faults.add(source.diagnostic(...fault))
  const names = createImageNames()
  const expanded: ExpandedImage[] = []
  checkVariables(below, report)
  for (const written of writtenImages(parsed, singleName)) {
    const { name, span } = written
    const { matrix } = written.fields
    checkVariables([written], report)
    const problem = imageNameProblem(name)
    if (problem) {
      report(span, nameFault(name, problem))
      continue
    }
    if (matrix && !checkMatrix(name, matrix, written, report)) continue
    if (expanded.length + (matrix ? countCombinations(matrix) : 1) > MAX_IMAGES) {
      const hint = 'Spread them over several manifests.'
      report(span, `A manifest has at most ${MAX_IMAGES} images, matrices expanded.`, hint)
      break
    }
    for (const image of expandImage(written, below, report)) {
      const clash = names.add(image)
      if (clash !== undefined) report(span, clash, 'Rename one of them.')
      expanded.push(image)
    }
  }
  return expanded
}

function writtenImages({ yaml, written }: ParsedText, singleName: string): readonly NamedLayer[] {
  if (!written.images) {
    const { $schema, extends: _, defaults, images, ...fields } = written
    return [
      {
        yaml,
        name: singleName,
        path: [],
        fields,
        span: yaml.valueSpan([fields.prompt === undefined ? 'source' : 'prompt']),
      },
    ]
  }
  return Object.entries(written.images).map(([name, fields]) => {
    const path = ['images', name]
    return { yaml, name, path, fields, span: yaml.keySpan(path) }
  })
}

/** One image for each combination of its matrix, or the image alone. */
function expandImage(
  { name: writtenName, span, ...own }: NamedLayer,
  below: readonly Layer[],
  report: Report,
): readonly ExpandedImage[] {
  const { matrix } = own.fields
  const layers = [...below, own]
  const variables = layers.map(({ fields }) => fields.vars ?? {}).reverse()
  const at = own.yaml.source.position(span.start)
  const combinations = matrix
    ? expandMatrix(writtenName, matrix)
    : [{ name: writtenName, values: undefined }]
  const expanded: ExpandedImage[] = []
  for (const { name, values } of combinations) {
    // Values can make a name too long, or equal to another one.
    const problem = imageNameProblem(name)
    if (problem) {
      report(span, nameFault(name, problem))
      break
    }
    const exportName = toExportName(name)
    if (exportName === undefined) {
      const shown = JSON.stringify(name)
      report(span, `The name ${shown} has no letter or digit, so it cannot become an export.`)
      continue
    }
    const scope = values ? [values, ...variables] : variables
    expanded.push({ name, exportName, writtenName, own, layers, variables: scope, at, span })
  }
  return expanded
}

function nameFault(name: string, problem: string): string {
  const shown = JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name)
  return `${shown} cannot be the name of an image: ${problem}.`
}
