import { expect, test } from 'vitest'
import { toEnhancedImg } from '../../src/picture/frameworks/to-enhanced-img.ts'
import { DENSE, DIRECTED, HERO, PLAIN } from './assets.ts'

test('formats and widths become sources of an enhanced image, best first', () => {
  const enhanced = toEnhancedImg(HERO)
  expect(enhanced).toEqual({
    sources: {
      webp: '/pictures/hero-320x180.webp 320w, /pictures/hero-640x360.webp 640w',
      jpeg: '/pictures/hero-320x180.jpeg 320w, /pictures/hero-640x360.jpeg 640w',
    },
    img: { src: '/pictures/hero-640x360.jpeg', w: 640, h: 360 },
  })
  expect(Object.keys(enhanced.sources)).toEqual(['webp', 'jpeg'])
})

test('pictures of other media queries are left out, which an enhanced image cannot say', () => {
  expect(toEnhancedImg(DIRECTED)).toEqual(toEnhancedImg(HERO))
})

test('a picture without formats keeps its densities', () => {
  expect(toEnhancedImg(DENSE).sources).toEqual({ png: DENSE.srcset })
  expect(toEnhancedImg(PLAIN).sources).toEqual({})
})

test('a src that is no image of a manifest is an error', () => {
  const missing: unknown = undefined
  expect(() => toEnhancedImg(missing as typeof PLAIN)).toThrow(/is undefined\. Check its import/)
})
