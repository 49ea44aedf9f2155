import { expect, test } from 'vitest'
import { faultsOf, parse } from './parse.ts'

test('a source stands in place of a prompt, or beside it', () => {
  const { images } = parse(`
defaults: { style: soft }
images:
  photo: { source: "./photos/{{who}}.jpg", vars: { who: ana } }
  both: { source: ../b.avif, prompt: x }
`)
  expect(images[0]).toMatchObject({
    prompt: '',
    source: { path: '/project/src/photos/ana.jpg', at: { line: 4, column: 20 } },
  })
  expect(images[1]).toMatchObject({ prompt: 'x\n\nsoft', source: { path: '/project/b.avif' } })
})

test('a manifest of one image may be a source alone', () => {
  expect(parse('source: ./a.png\nalt: A')).toMatchObject({ single: true, images: [{ alt: 'A' }] })
})

test.each([
  ['out of the project', 'source: ../../a.png', '1:9', 'leads out of the project'],
  ['a URL', 'source: "https://x.y/a.png"', '1:9', 'is a URL'],
  ['empty', 'source: ""', '1:9', '`source` is empty'],
  [
    'beside references',
    'source: a.png\nreferences: [b.png]',
    '2:13',
    '`source` or `references`, but not both',
  ],
  ['neither', 'images: { a: { alt: x } }', '1:11', 'Image `a` has no `prompt`'],
  [
    'in the defaults',
    'defaults: { source: a.png }\nimages: { a: { prompt: x } }',
    '1:13',
    'single image',
  ],
])('a source that is %s is a fault', (_, text, at, words) => {
  const faults = faultsOf(text)
  expect(faults).toHaveLength(1)
  expect(faults[0]).toContain(words)
  expect(faults[0]?.split(' ')[0]).toBe(at)
})
