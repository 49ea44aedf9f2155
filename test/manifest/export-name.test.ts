import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toExportName } from '../../src/manifest/export-name.ts'

test.each([
  ['hero', 'hero'],
  ['hero-night', 'heroNight'],
  ['hero_night.2x', 'heroNight2x'],
  ['Hero Image', 'heroImage'],
  ['OG', 'og'],
  ['404', '_404'],
  ['class', '_class'],
  ['default', '_default'],
  ['größe-ü', 'größeÜ'],
  ['a/b', 'aB'],
  ['--', undefined],
  ['🚢', undefined],
])('%s → %s', (name, expected) => {
  expect(toExportName(name)).toBe(expected)
})

test('whatever the name, the export is an identifier that a module may declare', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), name => {
      const exportName = toExportName(name)
      if (exportName === undefined) return
      new Function(`'use strict'; const ${exportName} = 1; return ${exportName}`)
    }),
  )
})
