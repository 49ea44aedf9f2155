import { expect, test } from 'vitest'
import { faultsOf, parse } from './parse.ts'

const DARK = 'media: "(prefers-color-scheme: dark)"'

test('a variant has its own media query, and the output of its image with its own over it', () => {
  const { images } = parse(
    `
defaults: { output: { formats: [webp], quality: 70 } }
images:
  hero:
    prompt: y
    matrix: { theme: [light, soft] }
    output: { widths: [640], aspect: "16:9", file: "hero-{{theme}}.webp" }
    variants:
      dark: { ${DARK}, image: "night-{{theme}}" }
      phone: { media: " (max-width: 40rem) ", output: { aspect: "4:5", widths: [320] } }
  night: { prompt: z, matrix: { theme: [light, soft] } }
`,
  )
  const shared = { formats: ['webp'], quality: 70 }
  const manifest = 'src/site.image.yaml'
  expect(images[0]?.variants).toEqual([
    {
      name: 'dark',
      media: '(prefers-color-scheme: dark)',
      picture: { manifest, name: 'night-light' },
      output: { ...shared, widths: [640], aspect: [16, 9] },
    },
    {
      name: 'phone',
      media: '(max-width: 40rem)',
      picture: { manifest, name: 'hero-light' },
      output: { ...shared, widths: [320], aspect: [4, 5] },
    },
  ])
  expect(images[2]).not.toHaveProperty('variants')
})

const hero = (variants: string) =>
  `images:\n  night: { prompt: n }\n  hero:\n    prompt: h\n    variants: ${variants}`

test.each([
  ['itself', `{ dark: { ${DARK}, image: hero } }`, '5:71', 'refers to `hero` itself'],
  ['no image', `{ dark: { ${DARK}, image: nigth } }`, '5:71', 'Did you mean `night`?'],
  [
    'a media query twice',
    `{ dark: { ${DARK}, image: night }, dim: { ${DARK}, output: { aspect: "1:1" } } }`,
    '5:94',
    '`dark` and `dim` have the same media query',
  ],
  ['no media query', '{ dark: { image: night } }', '5:17', 'has no `media`'],
  [
    'a word as media query',
    '{ dark: { media: dark, image: night } }',
    '5:32',
    'is not a media query',
  ],
  ['nothing of its own', `{ dark: { ${DARK} } }`, '5:17', 'shows the same picture'],
  [
    'a fixed name',
    `{ phone: { media: print, output: { file: a.png } } }`,
    '5:50',
    'Write it in a separate image',
  ],
  ['a name that code cannot read', `{ "1 2": { ${DARK}, image: night } }`, '5:17', '1 2'],
  ['an unknown key', `{ dark: { ${DARK}, imge: night } }`, '5:64', 'Did you mean `image`?'],
])('a variant with %s is a fault', (_, variants, at, words) => {
  const faults = faultsOf(hero(variants))
  expect(faults).toHaveLength(1)
  expect(faults[0]).toContain(words)
  expect(faults[0]?.split(' ')[0]).toBe(at)
})

test('variants belong to one image', () => {
  expect(faultsOf(`defaults: { variants: {} }\nimages: { a: { prompt: x } }`)).toEqual([
    '1:13 Unknown key `variants` in `defaults`. `variants` belongs to a single image.',
  ])
  expect(faultsOf(`variants: {}\nimages: { a: { prompt: x } }`)[0]).toContain(
    'Move it into one of the images',
  )
})
