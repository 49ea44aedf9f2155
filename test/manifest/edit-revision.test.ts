import { expect, test } from 'vitest'
import { setRevision } from '../../src/manifest/edit/edit-revision.ts'
import { parse } from './parse.ts'

test.each([
  ['a single image', 'prompt: x # why\n', undefined, 'revision: 7\nprompt: x # why\n'],
  [
    'a number that is there',
    '# a\nrevision: 2 # mine\nprompt: x\n',
    undefined,
    '# a\nrevision: 7 # mine\nprompt: x\n',
  ],
  ['a key without a number', 'revision:\nprompt: x\n', undefined, 'revision: 7\nprompt: x\n'],
  [
    'one of several, with the line ends of Windows',
    'images:\r\n  # first\r\n  a:\r\n    # why\r\n    prompt: |\r\n      x\r\n  b: { prompt: y }\r\n',
    'a',
    'images:\r\n  # first\r\n  a:\r\n    # why\r\n    revision: 7\r\n    prompt: |\r\n      x\r\n  b: { prompt: y }\r\n',
  ],
  [
    'braces',
    'images:\n  b: { prompt: y } # c\n',
    'b',
    'images:\n  b: { revision: 7, prompt: y } # c\n',
  ],
  ['a byte order mark', '\u{feff}prompt: x\n', undefined, '\u{feff}revision: 7\nprompt: x\n'],
])('%s', (_, text, name, expected) => {
  const edited = setRevision(text, name, 7)
  expect(edited).toBe(expected)
  const images = parse(edited.replace('\u{feff}', '')).images
  expect(images.find(image => name === undefined || image.id.name === name)?.revision).toBe(7)
})

test('the images of a matrix share one revision', () => {
  const text = 'images:\n  a:\n    prompt: "{{t}}"\n    matrix: { t: [l, d] }\n'
  expect(() => setRevision(text, 'a-l', 2)).toThrow('Write `revision` at `a`, for all of them')
  expect(parse(setRevision(text, 'a', 2)).images.map(({ revision }) => revision)).toEqual([2, 2])
})

test.each([
  ['an image that is not there', 'images:\n  a: { prompt: x }\n', 'b', 'no image `b`'],
  ['an alias', 'images:\n  a: &a { prompt: x }\n  b: *a\n', 'b', 'alias'],
  ['text that is no YAML', 'images: [', 'b', 'not valid YAML'],
  ['no single image', 'images:\n  a: { prompt: x }\n', undefined, 'several images'],
])('%s is an error', (_, text, name, words) => {
  expect(() => setRevision(text, name, 2)).toThrow(words)
})
