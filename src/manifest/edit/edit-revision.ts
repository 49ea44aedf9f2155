import type { Path } from '../../schema/schema-structure.ts'
import { isRecord } from '../../system/is-record.ts'
import type { YamlSource } from '../source/yaml-source.ts'
import {
  failAtPath as fail,
  findWrittenImage,
  matrixOf,
  parseForEdit,
  valueAt,
} from './find-written-image.ts'

/**
 * Writes the `revision` of an image into a manifest's text. It changes the number or adds one line;
 * comments and layout stay.
 *
 * @param name Name under `images`; undefined for a manifest of a single image.
 * @param revision From 1 on.
 * @param file For messages: manifest path relative to the project root.
 * @throws ManifestError when the text is not valid YAML or has no such image. The images of a matrix
 * share one revision: for the name of one of them (`hero-light`) the error says what to do.
 */
export function setRevision(
  text: string,
  name: string | undefined,
  revision: number,
  file = 'manifest',
): string {
  if (!Number.isSafeInteger(revision) || revision < 1) {
    throw new RangeError(`A revision must be a whole number from 1 on, but it is ${revision}.`)
  }
  // The byte order mark would shift every offset.
  const mark = text.startsWith('\u{feff}') ? '\u{feff}' : ''
  const body = text.slice(mark.length)
  return mark + edit(parseForEdit(body, file), name, revision)
}

function edit(yaml: YamlSource, name: string | undefined, revision: number): string {
  const { text } = yaml.source
  const path = findWrittenImage(yaml, name)
  const image = path && valueAt(yaml.value, path)
  if (!path || !isRecord(image)) return fail(yaml, ...missing(yaml, name))
  if ('revision' in image) {
    const span = yaml.valueSpan([...path, 'revision'])
    const key = yaml.keySpan([...path, 'revision'])
    const isEmpty = span.start === key.start
    return isEmpty
      ? insert(text, text.indexOf(':', key.end) + 1, ` ${revision}`)
      : text.slice(0, span.start) + revision + text.slice(span.end)
  }
  if (yaml.isAlias(path)) {
    const hint = 'Write the image out, with its own `revision`.'
    return fail(yaml, path, 'The image is an alias of another mapping.', hint)
  }
  const anchor = [...path, 'prompt' in image ? 'prompt' : (Object.keys(image)[0] ?? '')]
  const key = yaml.keySpan(anchor)
  if (yaml.isFlow(path)) return insert(text, key.start, `revision: ${revision}, `)
  // A line of its own above the prompt: below, it could become part of a block of text.
  const lineStart = text.lastIndexOf('\n', key.start - 1) + 1
  const indent = text.slice(lineStart, key.start)
  if (indent.trim() !== '') {
    const hint = 'Write `revision` there by hand.'
    return fail(yaml, anchor, '`revision` cannot be added to this line.', hint)
  }
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  return insert(text, key.start, `revision: ${revision}${lineEnd}${indent}`)
}

function missing(yaml: YamlSource, name: string | undefined): [Path, string, string] {
  if (name === undefined) return [[], 'This manifest has several images.', 'Name one of them.']
  const matrix = matrixOf(yaml, name)
  return matrix === undefined
    ? [
        ['images'],
        `There is no image \`${name}\` in this manifest.`,
        'It may have been renamed. Read the manifest again.',
      ]
    : [
        ['images', matrix, 'matrix'],
        `\`${name}\` comes from the matrix of \`${matrix}\`, whose images share one revision.`,
        `Write \`revision\` at \`${matrix}\`, for all of them, or remove this one from the matrix.`,
      ]
}

function insert(text: string, at: number, added: string): string {
  return text.slice(0, at) + added + text.slice(at)
}
