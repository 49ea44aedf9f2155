import type { Variables } from './schema.ts'
import { suggest } from './suggest.ts'

/** `{{{{` is a literal `{{`; what opens with two braces and is no variable is a fault. */
const TOKEN = /\{\{\{\{|\{\{([^{}]*)\}\}|\{\{/g
const NAME = /^[\p{L}_][\p{L}\p{N}_-]*$/u

export interface VariableFault {
  /** Counts the double braces of the text, from 0. */
  readonly occurrence: number
  readonly message: string
  readonly hint?: string | undefined
}

export function isVariableName(name: string): boolean {
  return NAME.test(name)
}

/** Puts variables into a text. Values are put in as they are: what stands in them is not filled again. */
export function fillVariables(
  text: string,
  variables: Variables,
  report: (fault: VariableFault) => void,
): string {
  if (!text.includes('{{')) return text
  let occurrence = -1
  return text.replace(TOKEN, (token, inner: string | undefined) => {
    occurrence += 1
    if (token === '{{{{') return '{{'
    const name = inner?.trim()
    if (name === undefined || !isVariableName(name)) {
      const message = `\`${shorten(token)}\` is no variable.`
      report({ occurrence, message, hint: 'Write `{{name}}`, or `{{{{` for two literal braces.' })
      return token
    }
    if (Object.hasOwn(variables, name)) return String(variables[name])
    const names = Object.keys(variables)
    report({
      occurrence,
      message: `There is no variable \`${name}\` here.`,
      hint:
        suggest(name, names) ??
        `Define it under \`vars\`, or write \`{{{{\` for two literal braces.`,
    })
    return token
  })
}

/** Where the double braces number `occurrence` stand in a stretch of source. */
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
