import { suggest } from '../../text/suggest.ts'
import type { Variables } from '../schema/request-schema.ts'

/** `{{{{` is a literal `{{`; two braces that do not begin a variable are a fault. */
const TOKEN = /\{\{\{\{|\{\{([^{}]*)\}\}|\{\{/g
const NAME = /^[\p{L}_][\p{L}\p{N}_-]*$/u

/** The most bytes of names and values in one `vars`. */
export const MAX_VARIABLE_BYTES = 128 * 1024

/** The most characters that variables may add to a text. APIs take some ten thousand. */
export const MAX_FILLED_LENGTH = 256 * 1024

/** The most faults to report of a text: one of braces alone has as many as characters. */
const MAX_FAULTS = 20

/** The variables of a place, the nearest first. */
export type Scope = readonly Variables[]

export interface VariableFault {
  /** The number of the double braces in the text, from 0. */
  readonly occurrence: number
  readonly message: string
  readonly hint?: string | undefined
}

export function isVariableName(name: string): boolean {
  return NAME.test(name)
}

/** Fills variables into a text. Does not fill variables inside their values. */
export function fillVariables(
  text: string,
  variables: Scope,
  report: (fault: VariableFault) => void,
): string {
  if (!text.includes('{{')) return text
  const filled: string[] = []
  let [at, occurrence, faults, added] = [0, -1, 0, 0]
  for (const { index, 0: token, 1: inner } of text.matchAll(TOKEN)) {
    occurrence += 1
    filled.push(text.slice(at, index))
    at = index + token.length
    if (token === '{{{{') {
      filled.push('{{')
      continue
    }
    const found = findVariable(token, inner?.trim(), variables)
    if ('message' in found) {
      report({ occurrence, ...found })
      filled.push(token)
      faults += 1
      if (faults === MAX_FAULTS) break
      continue
    }
    filled.push(found.value)
    added += found.value.length
    if (added > MAX_FILLED_LENGTH) {
      const message = `The variables add more than ${MAX_FILLED_LENGTH} characters to this text.`
      report({ occurrence, message, hint: 'Use them less often, or shorten them.' })
      break
    }
  }
  return filled.join('') + text.slice(at)
}

function findVariable(
  token: string,
  name: string | undefined,
  variables: Scope,
): { readonly value: string } | Omit<VariableFault, 'occurrence'> {
  if (name === undefined || !isVariableName(name)) {
    const message = `\`${shorten(token)}\` is not a variable.`
    return { message, hint: 'Write `{{name}}`, or `{{{{` for two literal braces.' }
  }
  const nearest = variables.find(vars => Object.hasOwn(vars, name))
  if (nearest) return { value: String(nearest[name]) }
  const names = [...new Set(variables.flatMap(vars => Object.keys(vars)))]
  const hint =
    suggest(name, names) ?? `Define it under \`vars\`, or write \`{{{{\` for two literal braces.`
  return { message: `The variable \`${name}\` is not defined.`, hint }
}

export function variableBytes(variables: Variables): number {
  return Object.entries(variables).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(String(value)),
    0,
  )
}

/** Finds double braces by their number in a part of the source. */
export function findToken(
  source: string,
  occurrence: number,
): { index: number; length: number } | undefined {
  let left = occurrence
  for (const { index, 0: token } of source.matchAll(TOKEN)) {
    if (left-- === 0) return { index, length: token.length }
  }
  return undefined
}

function shorten(token: string): string {
  return token.length > 40 ? `${token.slice(0, 40)}…` : token
}
