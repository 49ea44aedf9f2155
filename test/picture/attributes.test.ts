import { describe, expect, test } from 'vitest'
import { type ImageAsset, picture, pictureAttributes, preloadAttributes } from '../../src/html.ts'
import { DENSE, DIRECTED, HERO, PLAIN } from './assets.ts'
import { CASES } from './cases.ts'

/** An import that gave something else than its type says. */
const notAnAsset = (value: unknown) => value as ImageAsset

describe('a src that is no image of a manifest', () => {
  const say = (value: unknown, alt?: string) => () =>
    pictureAttributes(notAnAsset(value), alt === undefined ? {} : { alt })

  test('is an error that says which picture it is, and what to check', () => {
    expect(say(undefined, 'A lighthouse')).toThrow(
      new TypeError(
        "The src of a <Picture> (alt: \"A lighthouse\") is undefined. Check its import: the image hero-night is `import { heroNight } from './site.image.yaml'`, and the image of a manifest that has only one is `import hero from './hero.image.yaml'`.",
      ),
    )
  })

  test.each([
    ['undefined', undefined, 'is undefined.'],
    ['null', null, 'is null.'],
    ['a URL', '/hero.png', 'is not an image of a manifest.'],
    ['all images of a manifest', { hero: HERO }, 'is not an image of a manifest.'],
  ])('may be %s', (_, value, sentence) => {
    expect(say(value)).toThrow(`The src of a <Picture> ${sentence}`)
    expect(() => preloadAttributes(notAnAsset(value))).toThrow(sentence)
    expect(() => picture(notAnAsset(value), { alt: '' })).toThrow(sentence)
  })
})

describe('the placeholder', () => {
  const backgroundFor = (style: unknown) => pictureAttributes(HERO, { style }).background

  test.each([
    { style: undefined },
    { style: null },
    { style: '' },
    { style: 'object-fit:cover' },
    { style: 'color: red; OBJECT-FIT: cover' },
    { style: { objectFit: 'cover', width: 3 } },
    { style: [{ color: 'red' }, 'margin: 0'] },
  ])('is written beside %j', ({ style }) => {
    expect(backgroundFor(style)).toContain('#1e3a8a url(')
  })

  test.each([
    { style: 'object-fit:contain' },
    { style: 'margin:0;object-fit: scale-down' },
    { style: 'background: none' },
    { style: { objectFit: 'fill' } },
    { style: { 'object-fit': 'none' } },
    { style: { backgroundColor: 'red' } },
    { style: [undefined, [{ objectFit: 'contain' }]] },
  ])('is not written beside %j, which would let it be seen', ({ style }) => {
    expect(backgroundFor(style)).toBeUndefined()
  })
})

describe('a string of HTML', () => {
  test('has nothing between its elements, and quotes and escapes every value', () => {
    const { src, props, markup } = CASES.at(-1) ?? { src: PLAIN, props: {}, markup: '' }
    expect(picture(src, { alt: '', ...props })).toBe(markup)
  })

  test('escapes what an asset says, too', () => {
    const hostile = { ...PLAIN, src: '/a"onerror=alert(1)//.png', alt: '"><script>' }
    expect(picture(hostile)).toBe(
      '<picture><img alt="&quot;&gt;&lt;script&gt;" width="200" height="100" loading="lazy" decoding="async" src="/a&quot;onerror=alert(1)//.png"></picture>',
    )
  })

  test('writes booleans as HTML does, and nothing for what is absent', () => {
    const props = { hidden: true, ismap: false, title: undefined, role: null, 'aria-hidden': true }
    expect(picture(PLAIN, { alt: '', ...props })).toContain('.png" hidden="" aria-hidden="true">')
  })

  test.each(['', 'a b', 'a>', 'a"', 'a=b', 'a/b', 'a\u0000'])('refuses the name %j', name => {
    expect(() => picture(PLAIN, { alt: '', [name]: 'x' })).toThrow(
      `${JSON.stringify(name)} is not a valid attribute name for <img>.`,
    )
  })
})

describe('what is preloaded', () => {
  const common = { rel: 'preload', as: 'image', fetchpriority: 'high' }

  test('is the best format', () => {
    expect(preloadAttributes(HERO, { sizes: '50vw' })).toEqual([
      {
        ...common,
        type: 'image/webp',
        imagesizes: '50vw',
        imagesrcset: '/pictures/hero-320x180.webp 320w, /pictures/hero-640x360.webp 640w',
      },
    ])
  })

  test('is one file for each media query, of which one matches at a time', () => {
    const dark = '(prefers-color-scheme: dark)'
    const phone = '(max-width: 30rem)'
    const links = preloadAttributes(DIRECTED)
    expect(links.map(({ media, imagesrcset }) => [media, imagesrcset?.split(/[-,]/)[0]])).toEqual([
      [dark, '/pictures/night'],
      [`(not (${dark})) and ${phone}`, '/pictures/phone'],
      [`(not (${dark})) and (not (${phone}))`, '/pictures/hero'],
    ])
  })

  test('is the picture itself where there is one file only', () => {
    expect(preloadAttributes(PLAIN, { sizes: '50vw' })).toEqual([
      { ...common, type: 'image/png', href: '/pictures/plain-200x100.png' },
    ])
    expect(preloadAttributes(DENSE, { sizes: '50vw' })).toEqual([
      { ...common, type: 'image/png', imagesrcset: DENSE.srcset },
    ])
  })
})
