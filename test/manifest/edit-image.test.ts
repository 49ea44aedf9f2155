import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { editImage, type FieldEdit } from '../../src/manifest/edit/edit-image.ts'

const MANIFEST = `# What the site shows.
defaults:
  style: "Flat vector"   # the brand's


images:
  hero:
    # Seen from the sea.
    prompt: A lighthouse on a cliff   # as on the map
    size:   1024x1024
    output: {formats: [ avif,webp ], widths: [640,  1280]}  # two are enough

  team:
    prompt: >
      Combine the portraits
      into one group picture.

    references:
      - ./ana.png   # the boss
      - { image: hero }
    output:
      formats:  [webp]
      # phones
      widths:
        - 640
        - 1280
  flow: { prompt: "A gull", size: 1024x1024 }
`

/** Lines that differ, as a diff has them. */
function changed(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  return [
    ...a.filter(line => !b.includes(line)).map(line => `-${line}`),
    ...b.filter(line => !a.includes(line)).map(line => `+${line}`),
  ]
}

function edit(name: string, ...edits: FieldEdit[]): string[] {
  return changed(MANIFEST, editImage(MANIFEST, name, edits))
}

describe('editing an image', () => {
  test('replaces a text and leaves the comment behind it', () => {
    expect(edit('hero', { path: ['prompt'], value: 'A lamp: lit' })).toEqual([
      '-    prompt: A lighthouse on a cliff   # as on the map',
      '+    prompt: "A lamp: lit"   # as on the map',
    ])
  })

  test('writes several lines as a block, with the comment behind its first line', () => {
    expect(edit('hero', { path: ['prompt'], value: 'A lamp\n\nlit' })).toEqual([
      '-    prompt: A lighthouse on a cliff   # as on the map',
      '+    prompt: |-   # as on the map',
      '+      A lamp',
      '+      lit',
    ])
  })

  test('keeps a folded text folded, and its final line break', () => {
    const words =
      'Combine the portraits into one group picture, in the same light and with the same horizon.'
    const text = editImage(MANIFEST, 'team', [{ path: ['prompt'], value: words }])
    expect(changed(MANIFEST, text)).toEqual([
      '-      Combine the portraits',
      '-      into one group picture.',
      '+      Combine the portraits into one group picture, in the same light and with',
      '+      the same horizon.',
    ])
    expect(parse(text).images.team.prompt).toBe(`${words}\n`)
  })

  test('adds fields below the others, and inside brackets', () => {
    const alt = { path: ['alt'], value: 'Lighthouse' }
    expect(edit('hero', alt)).toEqual(['+    alt: Lighthouse'])
    expect(edit('flow', alt)).toEqual([
      '-  flow: { prompt: "A gull", size: 1024x1024 }',
      '+  flow: { prompt: "A gull", size: 1024x1024, alt: Lighthouse }',
    ])
    expect(edit('team', { path: ['output', 'position'], value: '30% 60%' })).toEqual([
      '+      position: 30% 60%',
    ])
    expect(edit('hero', { path: ['output', 'position'], value: 'top' })).toEqual([
      '-    output: {formats: [ avif,webp ], widths: [640,  1280]}  # two are enough',
      '+    output: {formats: [ avif,webp ], widths: [640,  1280], position: top}  # two are enough',
    ])
  })

  test('adds mappings that are not there yet', () => {
    const path = ['variants', 'phone', 'output', 'aspect']
    expect(edit('hero', { path, value: '4:5' })).toEqual([
      '+    variants:',
      '+      phone:',
      '+        output:',
      '+          aspect: 4:5',
    ])
  })

  test('writes only what differs of a mapping', () => {
    const output = { formats: ['webp'], widths: [640, 1280, 2048], aspect: '4:5' }
    expect(edit('team', { path: ['output'], value: output })).toEqual([
      '-      widths:',
      '-        - 640',
      '-        - 1280',
      '+      widths: [ 640, 1280, 2048 ]',
      '+      aspect: 4:5',
    ])
  })

  test('removes a field with the comment behind it, and a mapping with its last field', () => {
    expect(edit('hero', { path: ['output'], value: null })).toEqual([
      '-    output: {formats: [ avif,webp ], widths: [640,  1280]}  # two are enough',
    ])
    expect(edit('flow', { path: ['size'], value: null })).toEqual([
      '-  flow: { prompt: "A gull", size: 1024x1024 }',
      '+  flow: { prompt: "A gull" }',
    ])
    const text = 'prompt: x\noutput:\n  formats: [webp]\n'
    const gone = [{ path: ['output', 'formats'], value: null }]
    expect(editImage(text, undefined, gone)).toBe('prompt: x\n')
  })

  test('keeps line ends, a byte order mark and a missing last line break', () => {
    const text = '\u{feff}prompt: A lamp\r\nsize: 1024x1024'
    const edits = [
      { path: ['prompt'], value: 'A lamp\nlit' },
      { path: ['alt'], value: 'Lamp' },
    ]
    expect(editImage(text, undefined, edits)).toBe(
      '\u{feff}prompt: |-\r\n  A lamp\r\n  lit\r\nsize: 1024x1024\r\nalt: Lamp',
    )
  })

  test('changes nothing when nothing differs', () => {
    const edits = [
      { path: ['size'], value: '1024x1024' },
      { path: ['alt'], value: null },
    ]
    expect(editImage(MANIFEST, 'hero', edits)).toBe(MANIFEST)
  })

  test('refuses what would change other images, and images that are not there', () => {
    const text = 'images:\n  a: { prompt: &p one }\n  b: { prompt: *p }\n'
    const edits = [{ path: ['prompt'], value: 'two' }]
    expect(() => editImage(text, 'a', edits, 'm.image.yaml')).toThrow(
      /m\.image\.yaml:2:8[\s\S]*`a\.prompt` can't be written here/,
    )
    expect(editImage(text, 'b', edits)).toContain('b: { prompt: two }')
    expect(() => editImage(text, 'c', edits)).toThrow(/no image `c`/)
    expect(() => editImage('images: [', 'a', edits)).toThrow(/not valid YAML/)
  })
})

/** Not random: the same texts in each run. */
function createRandom(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state % below
  }
}

const TEXTS = [
  'plain',
  'a: b',
  '# no',
  "it's",
  '"q"',
  'two\nlines',
  'end\n',
  '\n\nstart',
  '- x',
  '*a',
  '&b',
  '',
  ' ',
  'null',
  '1.10',
  'long '.repeat(40),
  '漢字 and עברית',
  '{{name}}',
  '%',
  '@x',
  'a\n\n\nb\n',
  '\ttab',
  '| x',
  '> y',
  '\u0007',
] as const

const SHAPES = [
  MANIFEST,
  MANIFEST.replaceAll('\n', '\r\n'),
  'images:\n    hero:\n        prompt: |+\n            text\n\n\n        size: 1024x1024 # c\n    team: {prompt: x,}\n    flow:\n        prompt: "a\n            b"\n',
  'images: {hero: {prompt: a, output: {}}, team: {prompt: b},\n  flow: {\n    prompt: c, # why\n    size: 1024x1024\n  }}\n',
  'images:\n  hero:\n    prompt:\n      a text on\n      two lines\n    output:\n  team:\n    "prompt": \'x\'\n    ? size\n    : 1024x1024\n  flow:\n    prompt: x\n    # last comment\n# end\n',
]

test('whatever is written is read again, and nothing else changes (600 edits)', () => {
  const random = createRandom(7)
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T
  let refused = 0
  for (let count = 0; count < 600; count++) {
    const text = pick(SHAPES)
    const name = pick(['hero', 'team', 'flow'])
    const value = pick([
      pick(TEXTS),
      pick(TEXTS),
      null,
      [640, 1280],
      [],
      { formats: ['webp'], quality: { avif: 50 } },
      [{ image: 'hero' }, pick(TEXTS)],
    ])
    const path = pick([
      ['prompt'],
      ['size'],
      ['alt'],
      ['output'],
      ['output', 'widths'],
      ['variants', 'phone', 'output', 'aspect'],
      ['references'],
    ])
    const before = parse(text)
    try {
      const edited = parse(editImage(text, name, [{ path, value }]))
      const [first = '', ...rest] = path
      if (rest.length === 0 && typeof value === 'string') {
        expect(String(edited.images[name][first]).trim()).toBe(value.trim())
      }
      const { [name]: _, ...others } = edited.images
      const { [name]: __, ...same } = before.images
      expect(others).toEqual(same)
    } catch (error) {
      if (!/can't be written here/.test(String(error)))
        throw new Error(`${JSON.stringify({ text, name, path, value })}: ${error}`)
      refused += 1
    }
  }
  // Only where nobody writes: a key behind `?`.
  expect(refused).toBeLessThan(8)
})
