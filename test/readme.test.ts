import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { renderReadme } from '../build/readme.ts'

test('the tables of the README say what the code says; `npm run readme` writes them', () => {
  const readme = path.resolve(import.meta.dirname, '../README.md')
  expect(readFileSync(readme, 'utf8')).toBe(renderReadme())
})
