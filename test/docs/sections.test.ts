import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { renderSections } from '../../build/docs-tables.ts'

test.each([...renderSections()])(
  'what %s takes from the code is as the code says; `npm run docs:tables` writes it',
  (file, text) => {
    expect(readFileSync(file, 'utf8')).toBe(text)
  },
)
