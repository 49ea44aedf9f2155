import type * as v from 'valibot'
import { isRecord } from '../../system/is-record.ts'
import { nearest, suggest } from '../../text/suggest.ts'
import type { Path } from '../source/yaml-source.ts'
import { MAX_REFERENCES, ManifestSchema } from './schema.ts'
import { keysAt } from './schema-structure.ts'

export interface Explanation {
  readonly path: Path
  /** Whether the key is at fault, or its value. */
  readonly part: 'key' | 'value'
  readonly message: string
  readonly hint?: string | undefined
}

/** A list where the schema wants a mapping. Valibot takes lists for objects with the keys 0, 1 … */
export function explainList(path: Path): Explanation {
  const message = `${upperFirst(nameOf(path))} must be a mapping, but it is a list.`
  const hint =
    path.length === 0 || path.at(-1) === 'images'
      ? 'Write each image below a name of its own: `hero:`, without a dash.'
      : 'Write `key: value`, without dashes or brackets.'
  return { path, part: 'value', message, hint }
}

/** Says in words what the schema found. */
export function explainIssue(issue: v.BaseIssue<unknown>, above: Path = []): Explanation {
  const path = [...above, ...pathOf(issue)]
  const name = upperFirst(nameOf(path))
  const explain = (message: string, hint?: string): Explanation => ({
    path,
    part: 'value',
    message,
    hint,
  })
  switch (issue.type) {
    case 'never':
      return { ...explainUnknownKey(path), path, part: 'key' }
    case 'union': {
      const inner = issue.issues?.find(({ path }) => path !== undefined)
      if (inner && isRecord(issue.input)) return explainIssue(inner, path)
      const expected = WORDS[path.at(-2) === 'references' ? 'reference' : (issue.expected ?? '')]
      return explain(`${name} must be ${expected ?? 'something else'}, ${gotten(issue.input)}.`)
    }
    case 'picklist': {
      const options = (issue.expected ?? '').replace(/[()"]/g, '').split(' | ')
      const written = typeof issue.input === 'string' ? issue.input : undefined
      const found = written === undefined ? undefined : nearest(written, options)
      return explain(
        `${name} must be one of ${options.join(', ')}, ${gotten(issue.input)}.`,
        found && `Did you mean \`${found}\`?`,
      )
    }
    case 'object_with_rest':
      if (issue.path?.at(-1)?.origin === 'key') {
        const missing = String(path.at(-1))
        const owner = path.slice(0, -1)
        const message = `${upperFirst(nameOf(owner))} has no \`${missing}\`.`
        return { path: owner, part: 'key', message, hint: MISSING_HINTS[missing] }
      }
      return explain(
        path.length === 0
          ? `A manifest must have \`images\`, or \`prompt\` for a single image, ${gotten(issue.input)}.`
          : `${name} must be a mapping of fields, ${gotten(issue.input)}.`,
        typeof issue.input === 'string' && path.at(-2) === 'images'
          ? `Write its text as \`prompt:\` below the name.`
          : undefined,
      )
    case 'record':
      return explain(`${name} must be a mapping, ${gotten(issue.input)}.`)
    case 'array':
      return explain(
        `${name} must be a list, ${gotten(issue.input)}.`,
        isScalarValue(issue.input) ? `Write \`[${issue.input}]\`.` : undefined,
      )
    case 'string':
      return explain(
        `${name} must be text, ${gotten(issue.input)}.`,
        isScalarValue(issue.input) ? `Put it in quotes: "${issue.input}".` : undefined,
      )
    case 'number':
    case 'integer':
      return explain(`${name} must be a whole number, ${gotten(issue.input)}.`)
    case 'finite':
      return explain(`${name} must be a finite number, ${gotten(issue.input)}.`)
    case 'min_value':
    case 'max_value':
      return explain(
        `${name} must be ${RANGES[String(path.at(-1))] ?? RANGES.widths}, ${gotten(issue.input)}.`,
      )
    case 'min_length':
      return explain(`${name} is an empty list.`, 'Remove it, or write at least one value.')
    case 'max_length':
      return explain(
        `${name} has ${lengthOf(issue.input)} entries, but a request takes at most ${MAX_REFERENCES}.`,
        'Leave some out, or combine pictures in an image of their own first.',
      )
    case 'check':
      return explain(`${name} has a value twice.`, 'Remove one of them.')
    case 'regex':
      return path.at(-1) === 'aspect'
        ? explain(`${name} must be a ratio like "16:9", ${gotten(issue.input)}.`)
        : explain(`${name} is empty.`, path.at(-1) === 'prompt' ? MISSING_HINTS.prompt : undefined)
    default:
      return explain(`${name}: ${issue.message}.`)
  }
}

const MISSING_HINTS: Partial<Record<string, string>> = {
  prompt: 'Say what the picture shows: `prompt: A lighthouse on a cliff`.',
}

const WORDS: Partial<Record<string, string>> = {
  reference: 'a path, `{ image: name }` or `{ manifest: path, image: name }`',
  '(string | number)': 'text or a number',
  '(string | number | boolean | null)': 'text, a number, true, false or null',
}

const RANGES: Partial<Record<string, string>> & { widths: string } = {
  revision: 'a whole number from 1 on',
  quality: 'a whole number from 1 to 100',
  widths: 'a whole number of pixels from 1 to 16383',
}

/** Keys that people know from elsewhere. */
const FOREIGN_KEYS: Partial<Record<string, string>> = {
  '<<': 'Merge keys are no part of YAML 1.2: write shared settings under `defaults`.',
  n: 'Each image is one request: for more pictures write more images, or another `revision`.',
  background: 'Fields of the API go under `params`.',
  moderation: 'Fields of the API go under `params`.',
}

function explainUnknownKey(path: Path): Pick<Explanation, 'message' | 'hint'> {
  const key = String(path.at(-1))
  const owner = path.length > 1 ? ` in ${nameOf(path.slice(0, -1))}` : ''
  const known = keysAt(ManifestSchema, path.slice(0, -1))
  const message = `Unknown key \`${key}\`${owner}.`
  if (
    path[0] === 'defaults' &&
    path.length === 2 &&
    ['prompt', 'references', 'matrix'].includes(key)
  ) {
    return { message, hint: `\`${key}\` belongs to a single image.` }
  }
  const foreign = FOREIGN_KEYS[key]
  if (foreign) return { message, hint: foreign }
  const isOutputField = keysAt(ManifestSchema, ['output']).includes(key)
  const hint = isOutputField ? 'It belongs under `output`.' : suggest(key, known)
  return { message, hint }
}

function pathOf(issue: v.BaseIssue<unknown>): Path {
  return (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)))
}

/** `images.hero.output.widths[1]` as a reader would say it: `output.widths` of image `hero`. */
function nameOf(path: Path): string {
  if (path.length === 0) return 'the manifest'
  const [head, name, ...rest] = path
  if (head === 'images' && name !== undefined) {
    return rest.length === 0 ? `image \`${name}\`` : `\`${dotted(rest)}\``
  }
  return `\`${dotted(path)}\``
}

function dotted(path: Path): string {
  return path.reduce<string>(
    (joined, segment) =>
      typeof segment === 'number'
        ? `${joined}[${segment}]`
        : joined
          ? `${joined}.${segment}`
          : segment,
    '',
  )
}

function gotten(input: unknown): string {
  if (input === null || input === undefined) return 'but it is empty'
  if (Array.isArray(input)) return 'but it is a list'
  if (typeof input === 'object') return 'but it is a mapping'
  const shown = JSON.stringify(input) ?? String(input)
  return `but it is ${shown === 'null' ? String(input) : shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}`
}

function lengthOf(input: unknown): number {
  return Array.isArray(input) ? input.length : 0
}

function isScalarValue(input: unknown): input is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof input) && String(input).length <= 60
}

function upperFirst(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
