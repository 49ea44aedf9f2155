import { expect, test } from 'vitest'
import { faultsOf, parse } from './parse.ts'

test('a manifest of several images', () => {
  const { path, single, images } = parse(`
defaults:
  size: 1536x1024
  style: Flat vector
  params: { quality: high, background: opaque }
  output: { placeholder: blur, quality: 80 }
images:
  hero:
    prompt: A lighthouse
    size: 2048x1152
    alt: Lighthouse on a cliff
    params: { quality: low }
    output: { formats: [avif, png], widths: [640, 1280], aspect: "16:9" }
  hero-night:
    prompt: The same at night
    references: [{ image: hero }, ./refs/ana.png, { manifest: ../brand.image.yaml }]
    revision: 2
`)
  expect({ path, single }).toEqual({ path: 'src/site.image.yaml', single: false })
  expect(images).toEqual([
    {
      id: { manifest: 'src/site.image.yaml', name: 'hero' },
      exportName: 'hero',
      prompt: 'A lighthouse\n\nFlat vector',
      size: '2048x1152',
      references: [],
      revision: 1,
      params: { quality: 'low', background: 'opaque' },
      alt: 'Lighthouse on a cliff',
      output: {
        placeholder: 'blur',
        quality: 80,
        formats: ['avif', 'png'],
        widths: [640, 1280],
        aspect: [16, 9],
      },
      at: { line: 8, column: 3 },
    },
    {
      id: { manifest: 'src/site.image.yaml', name: 'hero-night' },
      exportName: 'heroNight',
      prompt: 'The same at night\n\nFlat vector',
      size: '1536x1024',
      references: [
        {
          kind: 'image',
          image: { manifest: 'src/site.image.yaml', name: 'hero' },
          at: { line: 16, column: 18 },
        },
        { kind: 'file', path: '/project/src/refs/ana.png', at: { line: 16, column: 35 } },
        {
          kind: 'image',
          image: { manifest: 'brand.image.yaml', name: 'brand' },
          at: { line: 16, column: 51 },
        },
      ],
      revision: 2,
      params: { quality: 'high', background: 'opaque' },
      output: { placeholder: 'blur', quality: 80 },
      at: { line: 14, column: 3 },
    },
  ])
})

test('a manifest of a single image, over the output of the options', () => {
  const { single, images } = parse('prompt: A lighthouse\noutput: { quality: 70 }\n', {
    formats: ['webp'],
    quality: 50,
  })
  expect(single).toBe(true)
  expect(images).toMatchObject([
    {
      id: { name: 'site' },
      size: '1024x1024',
      output: { formats: ['webp'], quality: 70 },
      at: { line: 1, column: 9 },
    },
  ])
})

test('line ends and white space around a prompt ask for no other picture', () => {
  const prompts = [
    'prompt: "a\\nb"\nstyle: c',
    'prompt: |\n  a\n  b\n\nstyle: |\n  c\n',
    'prompt: |\r\n  a\r\n  b\r\nstyle: c\r\n',
    'prompt: "a\\r\\nb"\nstyle: c',
  ].map(text => parse(text).images[0]?.prompt)
  expect(new Set(prompts)).toEqual(new Set(['a\nb\n\nc']))
})

test.each([
  ['prompt: |\n  a  \n  b\t\n', 'a\nb', 'a  \nb'],
  ['prompt: |\r\n  a  \r\n  b\r\n', 'a\nb', 'a  \nb'],
  ['prompt: >\n  a  \n  b\n', 'a b', 'a   b'],
  ['prompt: "a \\nb"\n', 'a\nb', 'a \nb'],
  ['vars: { x: "a  " }\nprompt: "{{x}}\\nb"\n', 'a\nb', 'a  \nb'],
  ['prompt: a\nstyle: |\n  b  \n  c\n', 'a\n\nb\nc', 'a\n\nb  \nc'],
])('blanks at line ends do not count, but 0.1.0 sent them: %j', (text, prompt, earlier) => {
  expect(parse(text).images[0]).toMatchObject({ prompt, earlier: { prompt: earlier, params: {} } })
})

test.each([
  'prompt: a \nstyle: b\n',
  '\u{feff}prompt: a\n',
  'prompt: "a  b"\n',
  'prompt: >\n  a\n  b\n',
  'prompt: "a\\ \n  b"\n',
  'vars: { n: 2026, r: 1.5, t: "1.10" }\nprompt: "{{n}} {{r}} {{t}}"\n',
])('a text that 0.1.0 sent as it is has no earlier form: %j', text => {
  expect(parse(text).images[0]).not.toHaveProperty('earlier')
})

test('blanks at line ends of what is extended and of params do not count either', () => {
  const base = 'defaults:\n  style: |\n    soft  \n    light\n'
  const text = 'extends: ../base-0.yaml\nprompt: a\nparams:\n  hint: |\n    x  \n    y\n'
  expect(parse(text, undefined, [base]).images[0]).toMatchObject({
    prompt: 'a\n\nsoft\nlight',
    params: { hint: 'x\ny\n' },
    earlier: { prompt: 'a\n\nsoft  \nlight', params: { hint: 'x  \ny\n' } },
  })
})

test('numbers among the variables are what is written', () => {
  const { images } = parse(`
vars: { version: 1.10, agent: 007, price: &price 5.00, id: 12345678901234567890, mask: 0x1F }
defaults: { style: "{{tens}} {{small}}", vars: { tens: 1e3, small: +0.50 } }
images:
  a:
    prompt: "{{version}} {{agent}} {{price}} {{id}} {{mask}} {{again}}"
    alt: "{{price}}"
    vars: { again: *price }
    output: { file: "og/{{version}}.png" }
  b:
    prompt: "{{n}}"
    matrix: { n: [1.10, 2] }
    references: ["./v{{n}}.png"]
`)
  expect(images.map(({ prompt, earlier }) => [prompt, earlier?.prompt])).toEqual([
    [
      '1.10 007 5.00 12345678901234567890 0x1F 5.00\n\n1e3 +0.50',
      '1.1 7 5 12345678901234567000 31 5\n\n1000 0.5',
    ],
    ['1.10\n\n1e3 +0.50', '1.1\n\n1000 0.5'],
    ['2\n\n1e3 +0.50', '2\n\n1000 0.5'],
  ])
  expect(images.map(({ id }) => id.name)).toEqual(['a', 'b-1-10', 'b-2'])
  expect(images[0]).toMatchObject({ alt: '5.00', output: { file: 'og/1.10.png' } })
  expect(images[1]?.references).toMatchObject([{ path: '/project/src/v1.10.png' }])
})

test('an empty style drops that of the defaults', () => {
  const { images } = parse('defaults: { style: x }\nimages:\n  a: { prompt: y, style: "" }\n')
  expect(images[0]?.prompt).toBe('y')
})

test('variables: the nearest wins, and four braces stand for two', () => {
  const { images } = parse(`
vars: { place: the sea, year: 2026 }
defaults:
  vars: { light: soft }
  style: "{{light}} light, {{place}}, {{ year }}"
images:
  a:
    prompt: Literally {{{{place}}
    alt: "{{place}}"
    vars: { place: a lake }
  b: { prompt: "{{place}}" }
`)
  expect(images.map(({ prompt, alt }) => [prompt, alt])).toEqual([
    ['Literally {{place}}\n\nsoft light, a lake, 2026', 'a lake'],
    ['the sea\n\nsoft light, the sea, 2026', undefined],
  ])
})

test('a matrix makes one image for each combination, and references follow it', () => {
  const { images } = parse(`
images:
  hero:
    prompt: A lighthouse, {{theme}}, {{locale}}
    matrix: { theme: [light, dark blue], locale: [en, de] }
    output: { file: "og/{{theme}}-{{locale}}.png" }
  hero-night:
    prompt: The same at night
    references: [{ image: "hero-{{theme}}-en" }, "./refs/{{theme}}.png"]
    matrix: { theme: [light] }
`)
  expect(images.map(({ id, exportName }) => [id.name, exportName])).toEqual([
    ['hero-light-en', 'heroLightEn'],
    ['hero-light-de', 'heroLightDe'],
    ['hero-dark-blue-en', 'heroDarkBlueEn'],
    ['hero-dark-blue-de', 'heroDarkBlueDe'],
    ['hero-night-light', 'heroNightLight'],
  ])
  expect(images[2]?.prompt).toBe('A lighthouse, dark blue, en')
  expect(images[2]?.output.file).toBe('og/dark blue-en.png')
  expect(images[4]?.references).toMatchObject([
    { image: { name: 'hero-light-en' } },
    { path: '/project/src/refs/light.png' },
  ])
})

test('what is extended lies under the defaults of the manifest, its variables too', () => {
  const { images, extends: bases } = parse(
    'vars: { b: 3 }\ndefaults: { output: { quality: 60 } }\nimages:\n  x: { prompt: "{{a}} {{b}}" }\n',
    undefined,
    [
      'vars: { a: 1, b: 1 }\ndefaults: { size: 1536x1024, style: far }\n',
      'defaults: { style: "near {{b}}", vars: { a: 2 }, output: { placeholder: blur } }\nimages: 7\n',
    ],
  )
  expect(bases).toEqual(['base-0.yaml', 'base-1.yaml'])
  expect(images).toMatchObject([
    {
      prompt: '2 3\n\nnear 3',
      size: '1536x1024',
      output: { placeholder: 'blur', quality: 60 },
    },
  ])
})

test('a fault of what is extended is reported where it stands', () => {
  expect(faultsOf('prompt: x\n', ['\ndefaults: { sise: auto }\n'])).toEqual([
    '2:13 Unknown key `sise` in `defaults`. Did you mean `size`?',
  ])
})
