import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { renderTables } from '../build/readme.ts'

test.each([...renderTables()])(
  'the tables of %s say what the code says; `npm run docs:tables` writes them',
  (file, text) => {
    expect(readFileSync(file, 'utf8')).toBe(text)
  },
)
