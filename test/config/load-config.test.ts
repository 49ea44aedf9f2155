import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load-config.ts'
import { makeFolder, removeFolder } from '../support/folder.ts'

let root: string

beforeEach(async () => {
  root = await makeFolder()
})
afterEach(() => removeFolder(root))

test.each([
  ['imagegen.config.js', 'module.exports = { budget: { images: 7 } }'],
  [
    'imagegen.config.js',
    'import { images } from "./images.mjs"\nexport default { budget: { images } }',
  ],
  [
    'imagegen.config.mjs',
    'import path from "node:path"\nexport default { budget: { images: path.basename(import.meta.url).length - 12 } }',
  ],
  ['imagegen.config.ts', 'const images: number = 7\nexport default { budget: { images } }'],
  ['imagegen.config.mts', 'const images: number = 7\nexport default { budget: { images } }'],
  ['imagegen.config.mjs', 'export default { budget: { images: 7 } }'],
  ['imagegen.config.json', '{ "budget": { "images": 7 } }'],
])('%s is read', async (name, text) => {
  await writeFile(path.join(root, 'images.mjs'), 'export const images = 7')
  await writeFile(path.join(root, name), text)
  expect(await loadConfig(path.join(root, name))).toEqual({ budget: { images: 7 } })
})

test.each([
  ['imagegen.config.ts', 'export default '],
  ['imagegen.config.mjs', 'export default '],
  ['imagegen.config.json', ''],
])('%s is read again after an edit', async (name, head) => {
  const file = path.join(root, name)
  await writeFile(file, `${head}{ "mode": "draft" }`)
  await loadConfig(file)
  await writeFile(file, `${head}{ "mode": "frozen" }`)
  expect(await loadConfig(file)).toEqual({ mode: 'frozen' })
})

test('a named file must exist', async () => {
  await expect(loadConfig(path.join(root, 'site.config.ts'))).rejects.toThrow(
    /There is no configuration file/,
  )
})

test.each([
  ['imagegen.config.json', '{ "budget": { "imagse": 7 } }', /`budget.imagse` does not exist/],
  ['imagegen.config.json', '{ "root": 7 }', /`root` must be text, but it is 7/],
  ['imagegen.config.json', '{ "budget": ', /is not valid JSON/],
  [
    'imagegen.config.mjs',
    'export default { mode: "later" }',
    /`mode` must be one of generate, frozen, draft, but it is "later"/,
  ],
])('%s with %s: the error names the file', async (name, text, message) => {
  const file = path.join(root, name)
  await writeFile(file, text)
  const failing = loadConfig(file)
  await expect(failing).rejects.toThrow(message)
  await expect(failing).rejects.toThrow(file)
})

test.each([
  ['throw new Error("no luck")', /could not be loaded: no luck/],
  ['export default 5', /does not export an options object/],
])('what is broken is told: %s', async (text, message) => {
  await writeFile(path.join(root, 'imagegen.config.mjs'), text)
  await expect(loadConfig(path.join(root, 'imagegen.config.mjs'))).rejects.toThrow(message)
})

test.each([
  ['.env', 'API_KEY=sk-canary-0123', /\.env is not a configuration file/],
  [
    'imagegen.config.json',
    '{ "a": 1,\n  "key": sk-canary }',
    /config\.json:2:10 is not valid JSON\.$/,
  ],
  ['imagegen.config.json', 'sk-canary', /config\.json:1:1 is not valid JSON\.$/],
])('no error shows what is in a file: %s', async (name, text, message) => {
  await writeFile(path.join(root, name), text)
  const error: unknown = await loadConfig(path.join(root, name)).catch((error: unknown) => error)
  expect(error).toMatchObject({ message: expect.stringMatching(message) })
  expect(inspect(error)).not.toContain('canary')
})
