import type * as v from 'valibot'
import {
  describeInput,
  dotted,
  type SchemaSubject,
  type Sentences,
} from '../../schema/explain-issue.ts'
import { keysAt, type Path } from '../../schema/schema-structure.ts'
import { suggest } from '../../text/suggest.ts'
import { ManifestSchema } from './manifest-schema.ts'
import { MAX_REFERENCES } from './request-schema.ts'

/** How sentences speak of manifests. */
export const MANIFEST: SchemaSubject = {
  schema: ManifestSchema,
  collection: 'mapping',
  nameOf,
  explainUnknownKey,
  hintForList: path =>
    path.length === 0 || path.at(-1) === 'images'
      ? 'Write each image below its own name: `hero:`, without a dash.'
      : 'Write `key: value`, without dashes or brackets.',
  explain,
}

/** `images.hero.output.widths[1]` as readers would say it: `output.widths[1]`. */
function nameOf(path: Path): string {
  if (path.length === 0) return 'the manifest'
  const [head, name, ...rest] = path
  if (head === 'images' && name !== undefined) {
    return rest.length === 0 ? `image \`${name}\`` : `\`${dotted(rest)}\``
  }
  return `\`${dotted(path)}\``
}

/** What to write where an image has no prompt. */
export const PROMPT_HINT = 'Say what the picture shows: `prompt: A lighthouse on a cliff`.'

function explain(issue: v.BaseIssue<unknown>, path: Path): Partial<Sentences> | undefined {
  const field = path.at(-1)
  const found = describeInput(issue.input, MANIFEST)
  if (issue.type === 'object_with_rest' && path.length === 0) {
    return {
      message: `A manifest must have \`images\`, or \`prompt\` for a single image, ${found}.`,
    }
  }
  if (issue.type === 'object_with_rest' && path.at(-2) === 'images') {
    return typeof issue.input === 'string'
      ? { hint: 'Write the text as `prompt:` below the name.' }
      : undefined
  }
  if (issue.type === 'string' && isSize(path)) {
    return {
      message: `${nameOf(path)} must be width x height, ${found}.`,
      hint: 'Write both in pixels, such as `1536x1024`.',
    }
  }
  if (field === 'prompt' && ['object_with_rest', 'regex'].includes(issue.type)) {
    return { hint: PROMPT_HINT }
  }
  if (issue.type === 'union' && path.at(-2) === 'references') {
    return {
      message: `${nameOf(path)} must be a path, \`{ image: name }\` or \`{ manifest: path, image: name }\`, ${found}.`,
    }
  }
  if (['min_value', 'max_value'].includes(issue.type) && path.at(-2) === 'widths') {
    return {
      message: `${nameOf(path)} must be a whole number of pixels from 1 to 16383, ${found}.`,
    }
  }
  if (issue.type === 'union' && field === 'quality') {
    const hint = 'Write a number from 1 to 100, or one a format: `{ avif: 50, jpeg: 80 }`.'
    return { message: `${nameOf(path)} must be a number or a mapping, ${found}.`, hint }
  }
  if (issue.type === 'union' && path.at(-2) === 'files') {
    const hint = 'Write `icons`, `social` or `{ file: icons/512.png, width: 512 }`.'
    return { message: `${nameOf(path)} must be the name of a set or a mapping, ${found}.`, hint }
  }
  if (issue.type === 'custom' && path.at(-2) === 'params') {
    return {
      message: `${nameOf(path)} must be JSON: text, finite numbers, true, false, null, lists and mappings.`,
    }
  }
  if (issue.type === 'max_length') {
    const count = Array.isArray(issue.input) ? issue.input.length : 0
    return {
      message: `${nameOf(path)} has ${count} entries, but a request takes at most ${MAX_REFERENCES}.`,
      hint: 'Remove some, or combine pictures in a separate image first.',
    }
  }
  return undefined
}

/** `size` of an image, of the defaults or of the root. */
function isSize(path: Path): boolean {
  return (
    path.at(-1) === 'size' &&
    (path.length === 1 || ['defaults', 'images'].includes(String(path[0])))
  )
}

/** Keys of other formats, by what they are called here. */
const OTHER_NAMES: Partial<Record<string, string>> = {
  altText: 'alt',
  alt_text: 'alt',
  description: 'alt',
  src: 'source',
  text: 'prompt',
}

/** Keys that people know from elsewhere. */
const KNOWN_ELSEWHERE: Partial<Record<string, string>> = {
  '<<': 'YAML 1.2 has no merge keys. Write shared settings under `defaults`.',
  n: 'Each image is one request. For more pictures, write more images or another `revision`.',
  background:
    'Fields of the API go under `params`, the colour under transparent pixels under `output`.',
  moderation: 'Fields of the API go under `params`.',
  quality: 'Fields of the API go under `params`, the quality of files under `output`.',
  width: 'Write `size: 1536x1024` for the request, or `output: { width: 640 }` for the files.',
  height: 'Write `size: 1536x1024` for the request, or `output: { aspect: "3:2" }` for the files.',
}

function explainUnknownKey(path: Path): Sentences {
  const key = String(path.at(-1))
  const owner = path.length > 1 ? ` in ${nameOf(path.slice(0, -1))}` : ''
  const message = `Unknown key \`${key}\`${owner}.`
  if (
    path[0] === 'defaults' &&
    path.length === 2 &&
    ['prompt', 'source', 'references', 'variants', 'matrix'].includes(key)
  ) {
    return { message, hint: `\`${key}\` belongs to a single image.` }
  }
  if (path.includes('variants') && path.at(-2) === 'output' && /^files?$/.test(key)) {
    return { message, hint: 'Write it in a separate image, or in the `output` of this one.' }
  }
  const hint = KNOWN_ELSEWHERE[key]
  if (hint !== undefined) return { message, hint }
  const isOutputField = keysAt(ManifestSchema, ['output']).includes(key)
  const known = keysAt(ManifestSchema, path.slice(0, -1))
  const other = OTHER_NAMES[key]
  if (other !== undefined && known.includes(other)) {
    return { message, hint: `Did you mean \`${other}\`?` }
  }
  return { message, hint: isOutputField ? 'It belongs under `output`.' : suggest(key, known) }
}
