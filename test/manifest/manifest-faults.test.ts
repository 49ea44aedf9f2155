import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ManifestError } from '../../src/errors/manifest-error.ts'
import { faultsOf, parse } from './parse.ts'

test('a fault is shown with its place, its line, a caret and what to write instead', () => {
  const text = 'images:\n  hero:\n    prompt: x\n\tsize: y'.replace('\t', '    ')
  const message = (source: string) => {
    try {
      parse(source)
    } catch (error) {
      return error instanceof ManifestError ? error.message : error
    }
    return undefined
  }
  expect(message(text.replace('y', '1920x1080'))).toBe(
    [
      'src/site.image.yaml:4:11 The API does not support the size "1920x1080". Nearest: "2048x1152" (16:9).',
      '  4 |     size: 1920x1080',
      '    |           ^^^^^^^^^',
    ].join('\n'),
  )
})

test('all faults of a manifest come at once, in the order of its lines', () => {
  const faults = faultsOf(`
defaults: { size: huge }
images:
  a: { promt: x }
  a: { prompt: y }
  b: { prompt: "{{c}}", references: [{ image: aa }, { image: bee }] }
  bees: { prompt: z, size: 1000x1000 }
`)
  expect(faults.map(fault => fault.split(' ', 1)[0])).toEqual([
    '2:19',
    '5:3',
    '6:17',
    '6:47',
    '6:62',
    '7:28',
  ])
  expect(faults[0]).toContain('"1536x1024" (3:2)')
  expect(faults[4]).toContain('Did you mean `bees`?')
})

/** One fault each: the text, where it stands, words that the report has to contain. */
const FAULTS: readonly (readonly [name: string, text: string, at: string, words: string])[] = [
  ['an empty file', '', '1:1', 'must have `images`'],
  ['text', 'hello', '1:1', 'must have `images`'],
  ['a list', '- prompt: x', '1:1', 'it is a list'],
  ['no YAML', 'prompt: "x', '1:11', 'not valid YAML'],
  ['a colon in text', 'prompt: a: b', '1:9', 'in quotes'],
  ['a colour', 'prompt: Waves in #38bdf8 and white', '1:18', 'reads everything from `#38bdf8` on'],
  ['tabs', 'images:\n\ta: {}', '2:1', 'Indent with spaces'],
  ['two documents', 'prompt: x\n---\nprompt: y', '2:1', 'second one starts here'],
  ['a duplicate key', 'prompt: x\nprompt: y', '2:1', 'The first one is in line 1'],
  ['__proto__', 'prompt: x\n__proto__: { size: auto }', '2:1', '`__proto__` cannot be used'],
  ['an image called constructor', 'images:\n  constructor: { prompt: x }', '2:3', 'cannot be used'],
  ['a custom tag', 'prompt: !secret x', '1:9', '`!secret` is not allowed'],
  ['an alias without an anchor', 'prompt: *x', '1:9', 'no anchor `&x`'],
  ['a merge key', 'prompt: x\n<<: { size: auto }', '2:1', 'has no merge keys'],
  ['an unknown key', 'prompt: x\noutput: { format: [png] }', '2:11', 'Did you mean `formats`?'],
  ['a key of output', 'prompt: x\nwidths: [640]', '2:1', 'belongs under `output`'],
  [
    'a prompt in the defaults',
    'defaults: { prompt: x }\nimages: { a: { prompt: y } }',
    '1:13',
    'belongs to a single image',
  ],
  ['no images', 'defaults: { size: auto }', '1:1', 'has no images'],
  ['empty images', 'images: {}', '1:1', '`images` is empty'],
  ['images as a list', 'images: [{ prompt: x }]', '1:9', 'its own name'],
  ['variables as a list', 'prompt: x\nvars: [a]', '2:7', 'must be a mapping'],
  ['an image as text', 'images:\n  a: A lighthouse', '2:6', 'Write the text as `prompt:`'],
  ['both forms', 'prompt: x\nimages: { a: { prompt: y } }', '1:1', 'beside `images`'],
  [
    'defaults at the root',
    'size: auto\nimages: { a: { prompt: y } }',
    '1:1',
    'Move it under `defaults`',
  ],
  ['no prompt', 'images:\n  a: { size: auto }', '2:3', 'Image `a` has no `prompt`'],
  ['an empty prompt', 'prompt: " "', '1:9', '`prompt` is empty'],
  ['a number as prompt', 'prompt: 12', '1:9', 'Put it in quotes: "12"'],
  ['a size with the wrong sign', 'prompt: x\nsize: 1024×1024', '2:7', '"1024x1024" (1:1)'],
  ['a size in words', 'prompt: x\nsize: large', '2:7', 'Possible: "auto"'],
  ['a wrong format', 'prompt: x\noutput: { formats: [jpg] }', '2:21', 'Did you mean `jpeg`?'],
  ['a format twice', 'prompt: x\noutput: { formats: [png, png] }', '2:20', 'a value twice'],
  ['a width of 0', 'prompt: x\noutput: { widths: [0] }', '2:20', 'from 1 to 16383'],
  ['a ratio that is none', 'prompt: x\noutput: { aspect: 1.5 }', '2:19', 'must be a ratio like'],
  ['a revision of 0', 'prompt: x\nrevision: 0', '2:11', 'from 1 on'],
  ['an infinite parameter', 'prompt: x\nparams: { a: .inf }', '2:14', 'finite'],
  [
    'an infinite number in a nested parameter',
    'prompt: x\nparams: { a: { b: .inf } }',
    '2:14',
    'finite',
  ],
  ['17 references', `prompt: x\nreferences: [${'a.png, '.repeat(17)}]`, '2:13', 'has 17 entries'],
  ['one reference without a list', 'prompt: x\nreferences: a.png', '2:13', 'Write `[a.png]`'],
  ['a URL', 'prompt: x\nreferences: ["https://x.y/z.png"]', '2:14', 'Download the picture'],
  ['an absolute path', 'prompt: x\nreferences: [/etc/passwd]', '2:14', 'relative to the manifest'],
  [
    'a path out of the project',
    'prompt: x\nreferences: [../../a.png]',
    '2:14',
    'leads out of the project',
  ],
  ['a path with backslashes', 'prompt: x\nreferences: [a\\b.png]', '2:14', 'Write `a/b.png`'],
  [
    'a reference to nothing',
    'prompt: x\nreferences: [{}]',
    '2:14',
    'neither an image nor a manifest',
  ],
  ['a misspelt reference', 'prompt: x\nreferences: [{ imge: a }]', '2:16', 'Did you mean `image`?'],
  [
    'a reference to itself',
    'images:\n  a: { prompt: x, references: [{ image: a }] }',
    '2:41',
    'refers to itself',
  ],
  [
    'a reference to itself by its file',
    'prompt: x\nreferences: [{ manifest: site.image.yaml }]',
    '2:14',
    'refers to itself',
  ],
  [
    'a reference to a matrix',
    'images:\n  ab: { prompt: x, matrix: { t: [l, d] } }\n  b: { prompt: y, references: [{ image: ab }] }',
    '3:41',
    'like `ab-l`, or write "ab-{{t}}"',
  ],
  [
    'an unknown variable',
    'vars: { tone: soft }\nprompt: |\n  one\n  and {{tune}} light',
    '4:7',
    'Did you mean `tone`?',
  ],
  ['a variable that is none', 'prompt: "{{ a b }}"', '1:10', '`{{{{` for two literal braces'],
  ['an open variable', 'prompt: "x {{ y"', '1:12', 'is not a variable'],
  [
    'a variable in a variable',
    'vars: { a: "{{b}}" }\nprompt: x',
    '1:12',
    'cannot use other variables',
  ],
  [
    'a matrix that is too large',
    `prompt: x\nmatrix: { a: [${Array.from({ length: 257 }, (_, i) => i)}] }`,
    '2:1',
    'makes 257 images',
  ],
  ['a matrix without axes', 'prompt: x\nmatrix: {}', '2:1', 'no axes'],
  ['a value without a name', 'prompt: x\nmatrix: { a: ["!"] }', '2:15', 'a letter or a digit'],
  [
    'values with one name',
    'prompt: x\nmatrix: { a: [a b, a-b] }',
    '1:9',
    'Two images have the name `site-a-b`',
  ],
  [
    'a file of two images',
    'prompt: "{{a}}"\nmatrix: { a: [1, 2] }\noutput: { file: a.png }',
    '3:17',
    'a variable of the matrix',
  ],
  ['a file above the output', 'prompt: x\noutput: { file: ../a.png }', '2:17', 'not a plain path'],
  [
    'a file of another format',
    'prompt: x\noutput: { file: a.jpg }',
    '2:17',
    'write `formats: [jpeg]`',
  ],
  [
    'names with one export',
    'images:\n  a-b: { prompt: x }\n  aB: { prompt: y }',
    '3:3',
    'both be exported as `aB`',
  ],
  [
    'names of one form',
    'images:\n  n\u{e9}a: { prompt: x }\n  ne\u{301}a: { prompt: y }',
    '3:3',
    'differ only in their Unicode form',
  ],
  [
    'names of one case',
    'images:\n  heroA: { prompt: x }\n  heroa: { prompt: y }',
    '3:3',
    '`heroA` (line 2) and `heroa` differ only in upper and lower case',
  ],
  [
    'files of one form',
    'images:\n  a: { prompt: x, output: { file: n\u{e9}.png } }\n  b: { prompt: y, output: { file: ne\u{301}.png } }',
    '3:35',
    'some file systems treat as the same name',
  ],
  ...[
    'con',
    'Aux',
    'NUL.x',
    'lpt1',
    'a.',
    'a\u{202e}b',
    'a\u{200b}b',
    'a\\u001bb',
    `${'a'.repeat(201)}`,
  ].map(
    name =>
      [
        `the name ${JSON.stringify(name).slice(0, 20)}`,
        `images:\n  "${name}": { prompt: x }`,
        '2:3',
        'cannot be the name of an image',
      ] as const,
  ),
  ...[
    'con.png',
    'og/NUL.png',
    'nul /a.png',
    'og./a.png',
    'a\u{2066}.png',
    ' a.png',
    'a\\uD800.png',
    `${'a'.repeat(201)}.png`,
  ].map(
    file =>
      [
        `the file ${JSON.stringify(file).slice(0, 20)}`,
        `prompt: x\noutput: { file: "${file}" }`,
        '2:17',
        'is not a valid file name on every system',
      ] as const,
  ),
  [
    'a matrix that makes a long name',
    `prompt: x\nmatrix: { a: [${'b'.repeat(200)}] }`,
    '1:9',
    'longer than 200 bytes',
  ],
  [
    'a matrix of many axes',
    `prompt: x\nmatrix: { ${Array.from({ length: 17 }, (_, i) => `a${i}: [1]`).join(', ')} }`,
    '2:1',
    'has 17 axes, but at most 16 are allowed',
  ],
  [
    'many variables',
    `prompt: x\nvars:\n${Array.from({ length: 20_000 }, (_, i) => `  v${i}: "${i}"\n`).join('')}`,
    '2:1',
    'at most 131072 are allowed',
  ],
  [
    'a long variable',
    `prompt: x\ndefaults: { vars: { v: ${'v'.repeat(800_000)} } }`,
    '2:13',
    'at most 131072 are allowed',
  ],
  [
    'a text that variables make long',
    `vars: { v: ${'v'.repeat(100_000)} }\nprompt: "${'{{v}}'.repeat(10_000)}"`,
    '2:20',
    'add more than 262144 characters',
  ],
  [
    'texts that defaults make long',
    `defaults: { style: ${'s'.repeat(500_000)} }\nimages:\n${Array.from({ length: 200 }, (_, i) => `  i${i}: { prompt: x }\n`).join('')}`,
    '137:3',
    'more than 67108864 characters in total',
  ],
  ['a name without letters', 'images:\n  "--": { prompt: x }', '2:3', 'no letter or digit'],
  ['a name with a hash', 'images:\n  a#b: { prompt: x }', '2:3', '"#" separates'],
  ...[
    'model',
    'prompt',
    'n',
    'size',
    'response_format',
    'output_format',
    'image',
    'stream',
    'partial_images',
  ].map(
    name =>
      [
        `params.${name}`,
        `prompt: x\nparams: { ${name}: 1 }`,
        '2:11',
        `\`params.${name}\` cannot be set`,
      ] as const,
  ),
]

test.each(FAULTS)('%s', (_, text, at, words) => {
  const faults = faultsOf(text)
  expect(faults).toHaveLength(1)
  expect(faults[0]).toMatch(new RegExp(`^${at} `))
  expect(faults[0]).toContain(words)
})

test('an alias bomb, and brackets without end, are faults', () => {
  const bomb = Array.from({ length: 9 }, (_, i) => `a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}]`)
  expect(faultsOf(['a: &a-1 [x]', ...bomb].join('\n')).join()).toContain('expand to too much')
  for (const opening of ['[', '{a: ', '- ', '? ']) {
    expect(faultsOf(opening.repeat(100_000)).join()).toContain('nested too deeply')
  }
})

test('more than 10,000 images are a fault', () => {
  const axis = Array.from({ length: 256 }, (_, index) => index)
  const images = Array.from(
    { length: 40 },
    (_, i) => `  i${i}x: { prompt: x, matrix: { a: [${axis}] } }`,
  )
  expect(faultsOf(`images:\n${images.join('\n')}`)).toHaveLength(1)
})

test('whatever is written, there is a manifest or a report', () => {
  const sound = `
extends: ./brand.yaml
vars: { place: sea }
defaults: { size: 1536x1024, style: "flat {{place}}", output: { formats: [avif, png] } }
images:
  hero: { prompt: "x {{theme}}", matrix: { theme: [light, dark] }, references: [./a.png] }
  og:
    prompt: |
      two
      lines
    references: [{ image: hero-light }, { manifest: ./b.image.yaml, image: c }]
    output: { file: og/a.png, aspect: "16:9" }
`
  const pieces = [
    '{{',
    '}}',
    ':',
    '- ',
    '\n',
    '  ',
    '*',
    '&a ',
    '*a',
    '!x ',
    '[',
    '}',
    '"',
    "'",
    '|',
    '#',
    '\t',
    '\0',
    'null',
    '~',
    '{}',
    '[]',
    '-1',
    '.nan',
    '__proto__',
    'images',
    'prompt',
    'matrix',
    '? ',
    '%YAML 9\n---\n',
    '<<: ',
    '\u{2028}',
    '\ud800',
  ]
  const edit = fc.record({
    at: fc.nat(sound.length),
    cut: fc.nat(12),
    put: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })),
  })
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), edits => {
      const text = edits.reduce(
        (before, { at, cut, put }) => before.slice(0, at) + put + before.slice(at + cut),
        sound,
      )
      try {
        expect(parse(text).images.length).toBeGreaterThan(0)
      } catch (error) {
        if (!(error instanceof ManifestError)) throw error
        for (const { line, column, frame } of error.diagnostics) {
          expect(line).toBeLessThanOrEqual(text.split('\n').length)
          expect(column).toBeGreaterThan(0)
          expect(frame).toContain('^')
        }
      }
    }),
    { numRuns: 150 },
  )
})

test('braces, variables and matrices cost no more time than their length', () => {
  const started = performance.now()
  expect(faultsOf(`prompt: "${'{{'.repeat(40_001)}"`)).toHaveLength(1)
  expect(faultsOf(`prompt: "${'{{a '.repeat(40_000)}"`)).toHaveLength(20)
  expect(faultsOf(`prompt: "${'{{a}}'.repeat(100_000)}"`)).toHaveLength(20)
  expect(
    faultsOf(
      `defaults: { style: "${'{{a}} '.repeat(20_000)}" }\nimages:\n${Array.from({ length: 1_000 }, (_, i) => `  i${i}: { prompt: x }\n`).join('')}`,
    ),
  ).toHaveLength(21)
  const variables = Array.from({ length: 10_000 }, (_, i) => `v${i}: 1`).join(', ')
  const images = Array.from({ length: 9_000 }, (_, i) => `  i${i}: { prompt: "{{v${i}}}" }\n`)
  expect(faultsOf(`vars: { ${variables} }\nimages:\n${images.join('')}`)).toEqual([])
  expect(performance.now() - started).toBeLessThan(15_000)
})
