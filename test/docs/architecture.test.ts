import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

/** Paths of this repository that a text names as code. */
function pathsIn(text: string): readonly string[] {
  const named = text.matchAll(
    /`((?:src|test|build|docs|examples|playground|skills)(?:\/[\w./-]+)?)`/g,
  )
  return [...named].map(([, file = '']) => file)
}

const walks = read('ARCHITECTURE.md')
  .split(/^### /m)
  .slice(1)
  .map(walk => [walk.split('\n', 1)[0], walk] as const)

test('there are three walks', () => {
  expect(walks).toHaveLength(3)
})

test.each(walks)('the walk of %s passes files that there are, none twice', (_, walk) => {
  const files = pathsIn(walk)
  expect(files.length).toBeGreaterThan(8)
  expect(files.filter(file => !existsSync(path.join(root, file)))).toEqual([])
  expect(files.filter((file, index) => files.indexOf(file) !== index)).toEqual([])
})

test('the map of the code has every folder', () => {
  const folders = readdirSync(path.join(root, 'src'), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
  const rows = [...read('ARCHITECTURE.md').matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name)
  expect(rows.sort()).toEqual(folders.sort())
})

test('contributors are sent to places that there are', () => {
  const files = pathsIn(read('CONTRIBUTING.md'))
  expect(files.filter(file => !existsSync(path.join(root, file)))).toEqual([])
})
