import { expect, test } from 'vitest'
import { findFileClashes } from '../../src/manifest/expand/names/file-clashes.ts'
import { faultsOf, parse } from './parse.ts'

const filesOf = (files: string) =>
  parse(`prompt: x\nsize: 1536x1024\noutput: { files: ${files} }`).images[0]?.output.files

test('files have the format of their extension, and sets are spelt out', () => {
  expect(
    filesOf(
      '[{ file: a.ico, sizes: [16] }, { file: b/c.JPG, width: 9, padding: 12.5% }, { file: d.avif }]',
    ),
  ).toEqual([
    { file: 'a.ico', format: 'png', sizes: [16] },
    { file: 'b/c.JPG', format: 'jpeg', width: 9, padding: 12.5 },
    { file: 'd.avif', format: 'avif' },
  ])
  expect(filesOf('[social, icons]')?.map(({ file }) => file)).toEqual([
    'social.jpg',
    'favicon.ico',
    'apple-touch-icon.png',
    'icon-192.png',
    'icon-512.png',
    'icon-maskable-512.png',
  ])
})

test('names take variables', () => {
  const { images } = parse(
    'prompt: x\nmatrix: { theme: [a, b] }\noutput: { files: [{ file: "og/{{theme}}.png" }] }',
  )
  expect(images.map(({ output }) => output.files?.[0]?.file)).toEqual(['og/a.png', 'og/b.png'])
})

const ONE = 'prompt: x\nsize: 1024x1024\noutput: '
const TWO = (first: string, second: string) =>
  `images:\n  a: { prompt: x, output: { ${first} } }\n  b: { prompt: x, output: { ${second} } }`

test.each([
  ['an unknown set', `${ONE}{ files: [icon] }`, '3:19', 'must be the name of a set or a mapping'],
  ['a file without name', `${ONE}{ files: [{ width: 9 }] }`, '3:19', 'has no `file`'],
  ['an unknown key', `${ONE}{ files: [{ file: a.png, wdth: 9 }] }`, '3:34', 'mean `width`?'],
  ['a name outside', `${ONE}{ files: [{ file: ../a.png }] }`, '3:27', 'not a plain path below'],
  ['no format', `${ONE}{ files: [{ file: a.svg }] }`, '3:27', 'not a picture format'],
  [
    'sizes of a PNG',
    `${ONE}{ files: [{ file: a.png, sizes: [9] }] }`,
    '3:41',
    'Only an .ico takes',
  ],
  ['a wide icon', `${ONE}{ files: [{ file: a.ico, width: 9 }] }`, '3:19', 'takes `sizes`, not'],
  ['height alone', `${ONE}{ files: [{ file: a.png, height: 9 }] }`, '3:42', 'needs `width`'],
  ['much space', `${ONE}{ files: [{ file: a.png, padding: 50% }] }`, '3:43', 'up to 40 %'],
  ['a set that is too large', `${ONE}{ files: [social] }`, '3:19', 'too small for "social.jpg"'],
  [
    'a file that is too large',
    `${ONE}{ files: [{ file: a.png, width: 2000 }] }`,
    '3:19',
    'too small for "a.png"',
  ],
  [
    'a name twice',
    `${ONE}{ file: a.png, files: [{ file: a.png }] }`,
    '3:17',
    'two files of the name',
  ],
  [
    'a name of two images',
    TWO('files: [icons]', 'files: [icons]'),
    '3:36',
    '`a` and `b` would both be emitted as "favicon.ico"',
  ],
  [
    'a name that differs in case',
    TWO('file: A.png', 'files: [{ file: a.png }]'),
    '3:36',
    'treat as the same name',
  ],
  [
    'files of a variant',
    `${ONE}{}\nvariants: { p: { media: print, output: { files: [icons] } } }`,
    '4:42',
    'Write it in a separate image',
  ],
])('%s is a fault', (_, text, at, words) => {
  const faults = faultsOf(text)
  expect(faults).toHaveLength(1)
  expect(faults[0]).toContain(words)
  expect(faults[0]?.split(' ')[0]).toBe(at)
})

test('a name of two manifests is a clash', () => {
  const [one, other] = ['a.image.yaml', 'b.image.yaml'].map(path =>
    parse('prompt: x\noutput: { files: [icons] }').images.map(image => ({
      ...image,
      id: { ...image.id, manifest: path },
    })),
  )
  const clashes = findFileClashes([...(one ?? []), ...(other ?? [])])
  expect(clashes.map(({ message }) => message)).toEqual([
    expect.stringContaining('would both be emitted as "favicon.ico"'),
  ])
})
