import type { Span } from '../source/source-text.ts'
import type { Layer } from './layers.ts'
import { countCombinations, MAX_AXES, MAX_COMBINATIONS, type Matrix, toNamePart } from './matrix.ts'
import { isVariableName, MAX_VARIABLE_BYTES, variableBytes } from './variables.ts'

export type Report = (span: Span, message: string, hint?: string) => void

/** Reports what is wrong with the variables of some layers. */
export function checkVariables(layers: readonly Layer[], report: Report): void {
  for (const { yaml, path, fields } of layers) {
    const bytes = variableBytes(fields.vars ?? {})
    if (bytes > MAX_VARIABLE_BYTES) {
      const message = `These variables have ${bytes} bytes, but at most ${MAX_VARIABLE_BYTES} are allowed.`
      report(
        yaml.keySpan([...path, 'vars']),
        message,
        'Move long texts to the place that uses them.',
      )
      continue
    }
    for (const [name, value] of Object.entries(fields.vars ?? {})) {
      const at = [...path, 'vars', name]
      if (!isVariableName(name)) report(yaml.keySpan(at), ...variableNameFault(name))
      if (String(value).includes('{{')) {
        const message = `\`${name}\` contains double braces, but variables cannot use other variables.`
        report(yaml.valueSpan(at), message, 'Write out the text.')
      }
    }
  }
}

/** Reports what is wrong with an image's matrix; false when there is anything. */
export function checkMatrix(
  name: string,
  matrix: Matrix,
  { yaml, path: imagePath }: Layer,
  report: Report,
): boolean {
  const path = [...imagePath, 'matrix']
  let isSound = true
  const fail: Report = (...fault) => {
    isSound = false
    report(...fault)
  }
  const axes = Object.entries(matrix)
  if (axes.length === 0) {
    const hint = 'Write `theme: [light, dark]`, or remove it.'
    fail(yaml.keySpan(path), 'The matrix has no axes.', hint)
  }
  if (axes.length > MAX_AXES) {
    const message = `The matrix has ${axes.length} axes, but at most ${MAX_AXES} are allowed.`
    fail(yaml.keySpan(path), message, 'Values that do not change belong under `vars`.')
    return false
  }
  for (const [axis, values] of axes) {
    if (!isVariableName(axis)) fail(yaml.keySpan([...path, axis]), ...variableNameFault(axis))
    for (const [index, value] of values.entries()) {
      if (toNamePart(value) !== '') continue
      const message = `${JSON.stringify(value)} cannot become part of a name for \`${name}\`.`
      fail(yaml.valueSpan([...path, axis, index]), message, 'Values need a letter or a digit.')
    }
  }
  const count = countCombinations(matrix)
  if (count > MAX_COMBINATIONS) {
    const message = `The matrix makes ${count} images, but at most ${MAX_COMBINATIONS} are allowed.`
    fail(yaml.keySpan(path), message, 'Write fewer values, or spread them over several images.')
  }
  return isSound
}

function variableNameFault(name: string): [string, string] {
  return [
    `${JSON.stringify(name)} cannot be the name of a variable.`,
    'Start the name with a letter, followed by letters, digits, "-" and "_".',
  ]
}
