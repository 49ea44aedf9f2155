import { describe, expect, test } from 'vitest'
import { completionsOf } from '../../src/gallery/page/state/words/completions.ts'
import {
  type FieldType,
  formatField,
  parseField,
} from '../../src/gallery/page/state/words/field-text.ts'
import type { Json } from '../../src/system/json.ts'

const FORMS: readonly (readonly [FieldType, Json, string])[] = [
  ['text', 'A lamp, lit: {{when}}', 'A lamp, lit: {{when}}'],
  ['number', 96, '96'],
  ['list', ['avif', 'webp'], 'avif, webp'],
  ['list', ['icons', { file: 'og.png', width: 1200 }], '["icons",{"file":"og.png","width":1200}]'],
  ['list', ['a, b'], '["a, b"]'],
  ['numbers', [640, 1280], '640, 1280'],
  ['mapping', 75, '75'],
  ['mapping', { avif: 50, jpeg: 80 }, 'avif: 50, jpeg: 80'],
  ['mapping', { quality: 'high', fast: true }, 'quality: high, fast: true'],
  // A short form would make numbers of these texts.
  ['mapping', { year: '2026' }, '{"year":"2026"}'],
  ['mapping', { url: 'a: b, c' }, '{"url":"a: b, c"}'],
  ['mapping', { nested: { deep: 1 } }, '{"nested":{"deep":1}}'],
  ['references', [{ image: 'hero' }, './refs/ana.png'], 'hero, ./refs/ana.png'],
  [
    'references',
    [{ manifest: './b.image.yaml', image: 'logo' }],
    '[{"manifest":"./b.image.yaml","image":"logo"}]',
  ],
]

describe('a field of the form', () => {
  test.each(FORMS)('of type %s: %j', (type, value, text) => {
    expect(formatField(value)).toBe(text)
    expect(parseField(text, type)).toEqual(value)
  })

  test('is removed by an empty text, and stays text when it is not of its type', () => {
    expect(parseField('  ', 'text')).toBe(null)
    expect(parseField('wide', 'number')).toBe('wide')
    expect(parseField('high', 'mapping')).toBe('high')
    expect(parseField('640, wide', 'numbers')).toEqual([640, 'wide'])
  })

  test('is completed: of a list only the last part, and no part twice', () => {
    const formats = { description: '', suggestions: ['png', 'webp', 'avif'], type: 'list' } as const
    const complete = (text: string) =>
      completionsOf({ path: ['output', 'formats'], text, help: formats, names: [] })
    expect(complete('')).toEqual(['png', 'webp', 'avif'])
    expect(complete('avif, w')).toEqual(['avif, png', 'avif, webp'])
    const image = { path: ['variants', 'dark', 'image'], text: '', help: undefined }
    expect(completionsOf({ ...image, names: ['night'] })).toEqual(['night'])
  })
})
