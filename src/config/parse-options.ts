import * as v from 'valibot'
import { ConfigError } from '../errors/config-error.ts'
import {
  describeInput,
  dotted,
  type Explanation,
  explainIssues,
  type SchemaSubject,
  type Sentences,
} from '../schema/explain-issue.ts'
import { keysAt, type Path } from '../schema/schema-structure.ts'
import { nearest } from '../text/suggest.ts'
import { exampleOf } from './faults/option-examples.ts'
import { type OptionsSource, placeOfOption } from './faults/option-place.ts'
import type { Options } from './options.ts'
import { type CompleteOptions, optionsSchema } from './options-schema.ts'

/** Options that code hands over. */
export const INLINE: OptionsSource = { name: 'inline options' }

/**
 * Checks what TypeScript cannot: plain JavaScript, JSON, and ranges.
 * @returns the options with their defaults
 * @throws ConfigError naming each option that is at fault, what is wrong with it, and what is accepted
 */
export function parseOptions(options: Options, source: OptionsSource = INLINE): CompleteOptions {
  const { issues, output, success } = v.safeParse(optionsSchema, options)
  const explanations = explainIssues(options, issues, OPTIONS)
  if (success && explanations.length === 0) return output
  const faults = explanations.map(
    fault => `${placeOfOption(source, fault.path)}: ${renderFault(fault)}`,
  )
  throw new ConfigError(faults.join('\n'))
}

/** Options, for sentences about their faults. */
const OPTIONS: SchemaSubject = {
  schema: optionsSchema,
  collection: 'object',
  nameOf: path => (path.length === 0 ? 'the options' : `option \`${dotted(path)}\``),
  explainUnknownKey,
  hintForList: path => writeExample(dotted(path), undefined),
  explain({ type, input, message }, path) {
    const name = dotted(path)
    if (type === 'raw_check') return { message: `Option \`${name}\` ${message}` }
    if (name === 'assets' && type === 'regex') {
      return {
        message: `Option \`assets\` must be the name of a JSON file below the output folder, ${describeInput(input, OPTIONS)}.`,
        hint: 'Write it like imagegen-manifest.json.',
      }
    }
    if (name === 'budget.currency' && type === 'check') {
      return {
        message: `Option \`${name}\` must be an ISO 4217 currency code such as USD or EUR, ${describeInput(input, OPTIONS)}.`,
      }
    }
    if (name === 'budget.prices' && type === 'custom') {
      return { message: `Option \`${name}\` must be an object, ${describeInput(input, OPTIONS)}.` }
    }
    if (type === 'object_with_rest' && input === undefined) return explainAbsence(path)
    if (type === 'object_with_rest' || type === 'record' || type === 'array') {
      return explainKind(name, type === 'array' ? 'a list' : 'an object', input)
    }
    // The key itself is what is likeliest to stand there instead: it must not be shown.
    if (/^providers?\b.*\.apiKeyEnv$/.test(name)) {
      return {
        message: `Option \`${name}\` is not the name of an environment variable.`,
        hint: 'Write the name of the variable that holds the key, such as LLMEASY_API_KEY.',
      }
    }
    if (/^providers?\b.*\.use$/.test(name)) {
      return {
        message: `Option \`${name}\` is not a provider.`,
        hint: 'Pass the result of `defineProvider` from unplugin-imagegen/api or `aiSdk` from unplugin-imagegen/ai.',
      }
    }
    const words =
      type === 'union' ? UNIONS[name.replace(/^providers\.[^.]+/, 'provider')] : undefined
    if (words === undefined) return undefined
    return { message: `Option \`${name}\` must be ${words}, ${describeInput(input, OPTIONS)}.` }
  },
}

const UNIONS: Partial<Record<string, string>> = {
  types: 'mirror, sidecar or false',
  'provider.authHeader': 'the name of a header, or false',
  'provider.sizes': 'a list of sizes, or "any"',
  'provider.timeout': 'a number of milliseconds, or an object of `silence` and `total`',
}

/** An object lacks what it must have. */
function explainAbsence(path: Path): Partial<Sentences> {
  const owner = dotted(path.slice(0, -1))
  const hint = writeExample(owner, undefined)
  return {
    message: `Option \`${owner}\` has no \`${path.at(-1)}\`.`,
    ...(hint && { hint }),
  }
}

/** The value itself is not shown where it may be a key. */
function explainKind(name: string, wanted: string, input: unknown): Partial<Sentences> {
  const isSecret = typeof input === 'string' && /^provider/.test(name)
  const found = isSecret ? 'but it is text' : describeInput(input, OPTIONS)
  const hint = writeExample(name, input)
  return { message: `Option \`${name}\` must be ${wanted}, ${found}.`, ...(hint && { hint }) }
}

function writeExample(name: string, input: unknown): string | undefined {
  const example = exampleOf(name, input)
  return example && `Write \`${example}\`.`
}

function explainUnknownKey(path: Path): Sentences {
  if (/^api_?key$/i.test(String(path.at(-1)))) {
    return {
      message: `Option \`${dotted(path)}\` does not exist, because options must not hold a key.`,
      hint: 'Set the environment variable LLMEASY_API_KEY, or name another variable in `apiKeyEnv`.',
    }
  }
  const owner = path.slice(0, -1)
  const found = nearest(String(path.at(-1)), keysAt(optionsSchema, owner))
  return {
    message: `Option \`${dotted(path)}\` does not exist.`,
    hint: found === undefined ? undefined : `Did you mean \`${dotted([...owner, found])}\`?`,
  }
}

function renderFault({ message, hint }: Explanation): string {
  return hint === undefined ? message : `${message} ${hint}`
}
