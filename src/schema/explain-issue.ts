import type * as v from 'valibot'
import { isRecord } from '../system/is-record.ts'
import { nearest } from '../text/suggest.ts'
import { misplacedLists, type Path, rangeAt } from './schema-structure.ts'

/** What is wrong at one place of a value, in sentences. */
export interface Explanation {
  readonly path: Path
  /** Whether the key is at fault, or its value. */
  readonly part: 'key' | 'value'
  readonly message: string
  readonly hint?: string | undefined
}

export type Sentences = Pick<Explanation, 'message' | 'hint'>

/** What a schema describes: a manifest, or options. */
export interface SchemaSubject {
  readonly schema: v.GenericSchema
  /** What keys belong to: a `mapping` in YAML, an `object` in JavaScript. */
  readonly collection: 'mapping' | 'object'
  /** The name of what stands at a path, inside a sentence: `` `output.widths` ``. */
  nameOf(path: Path): string
  /** What to say of a key that the schema does not have. */
  explainUnknownKey(path: Path): Sentences
  /** What to write where a list stands instead of keys. */
  hintForList(path: Path): string | undefined
  /** What to say where this subject has words of its own. */
  explain(issue: v.BaseIssue<unknown>, path: Path): Partial<Sentences> | undefined
}

/** Says in words what a schema found in a value. */
export function explainIssues(
  value: unknown,
  issues: readonly v.BaseIssue<unknown>[] | undefined,
  subject: SchemaSubject,
): readonly Explanation[] {
  // Valibot takes lists for objects with the keys 0, 1 …, and what it says of those helps nobody.
  const lists = misplacedLists(subject.schema, value)
  const isBelow = (path: Path) =>
    lists.some(list => list.every((segment, index) => path[index] === segment))
  const explained = (issues ?? []).map(issue => explainIssue(issue, subject))
  return [
    ...lists.map((path): Explanation => {
      const message = `${upperFirst(subject.nameOf(path))} must be ${aOf(subject)}, but it is a list.`
      return { path, part: 'value', message, hint: subject.hintForList(path) }
    }),
    ...explained.filter(({ path }) => !isBelow(path)),
  ]
}

function explainIssue(
  issue: v.BaseIssue<unknown>,
  subject: SchemaSubject,
  above: Path = [],
): Explanation {
  const path = [...above, ...pathOf(issue)]
  if (issue.type === 'never') return { ...subject.explainUnknownKey(path), path, part: 'key' }
  const inner = issue.issues?.find(({ path }) => path !== undefined)
  if (inner && isRecord(issue.input)) return explainIssue(inner, subject, path)
  const own = subject.explain(issue, path)
  if (issue.type === 'object_with_rest' && issue.path?.at(-1)?.origin === 'key') {
    const owner = path.slice(0, -1)
    const message = `${upperFirst(subject.nameOf(owner))} has no \`${path.at(-1)}\`.`
    return { path: owner, part: 'key', message, ...own }
  }
  return { path, part: 'value', ...explainValue(issue, path, subject), ...own }
}

/** Faults of a value that is there. */
function explainValue(issue: v.BaseIssue<unknown>, path: Path, subject: SchemaSubject): Sentences {
  const { input } = issue
  const name = upperFirst(subject.nameOf(path))
  const wanted = (what: string, hint?: string): Sentences => ({
    message: `${name} must be ${what}, ${describeInput(input, subject)}.`,
    hint,
  })
  const shown = isScalarValue(input) ? String(input) : undefined
  switch (issue.type) {
    case 'union':
      return wanted(UNIONS[issue.expected ?? ''] ?? 'something else')
    case 'picklist':
      return explainPicklist(issue, wanted)
    case 'literal':
      return wanted(String(issue.expected))
    case 'object_with_rest':
      return wanted(`${aOf(subject)} of fields`)
    case 'record':
      return wanted(aOf(subject))
    case 'array':
      return wanted('a list', shown && `Write \`[${shown}]\`.`)
    case 'string':
      return explainForm(path, wanted) ?? wanted('text', shown && `Put it in quotes: "${shown}".`)
    case 'boolean':
      return wanted('true or false')
    case 'number':
    case 'integer':
      return wanted(
        rangeAt(subject.schema, path).isWhole ? 'a whole number' : 'a number',
        typeof input === 'string' && /^\d+$/.test(input)
          ? `Write ${input}, without quotes.`
          : undefined,
      )
    case 'finite':
      return wanted('a finite number')
    case 'min_value':
    case 'max_value':
      return wanted(rangeAt(subject.schema, path).words)
    case 'min_length':
      return {
        message: `${name} is an empty list.`,
        hint: 'Remove it, or write at least one value.',
      }
    case 'check':
      return { message: `${name} has a value twice.`, hint: 'Remove one of them.' }
    case 'regex':
    case 'non_empty':
      return explainForm(path, wanted) ?? { message: `${name} is empty.` }
    default:
      return { message: `${name}: ${issue.message}.` }
  }
}

/** By the name of the field that has them. */
const FORMS: Partial<Record<string, string>> = {
  aspect: 'a ratio like "16:9"',
  position:
    'center, a side or a corner like "top left", attention, entropy, or a point inside the picture like "30% 60%"',
  padding: 'a part of the shorter side, up to 40 %, like "10%"',
  background: 'a colour like "#f59e0b"',
}

function explainForm(
  path: Path,
  wanted: (what: string, hint?: string) => Sentences,
): Sentences | undefined {
  const form = FORMS[path.at(-1) ?? '']
  return form === undefined ? undefined : wanted(form)
}

function explainPicklist(
  { expected, input }: v.BaseIssue<unknown>,
  wanted: (what: string, hint?: string) => Sentences,
): Sentences {
  const options = (expected ?? '').replace(/[()"]/g, '').split(' | ')
  const found = typeof input === 'string' ? nearest(input, options) : undefined
  return wanted(`one of ${options.join(', ')}`, found && `Did you mean \`${found}\`?`)
}

/** By valibot's name for the expected types. */
const UNIONS: Partial<Record<string, string>> = {
  '(string | number)': 'text or a number',
  '(string | number | boolean | null)': 'text, a number, true, false or null',
  '(string | Array)': 'text or a list of texts',
}

function pathOf(issue: v.BaseIssue<unknown>): Path {
  return (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)))
}

/** `output.widths[1]` */
export function dotted(path: Path): string {
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

/** The end of a sentence about what should be there. */
export function describeInput(input: unknown, subject: Pick<SchemaSubject, 'collection'>): string {
  if (input === null || input === undefined) return 'but it is empty'
  if (Array.isArray(input)) return 'but it is a list'
  if (typeof input === 'object') return `but it is ${aOf(subject)}`
  const shown = JSON.stringify(input) ?? String(input)
  return `but it is ${shown === 'null' ? String(input) : shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}`
}

function aOf({ collection }: Pick<SchemaSubject, 'collection'>): string {
  return collection === 'object' ? 'an object' : 'a mapping'
}

function isScalarValue(input: unknown): input is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof input) && String(input).length <= 60
}

export function upperFirst(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
