import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load-config.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'imagegen-config-'))
})
afterEach(() => rm(root, { recursive: true }))

test.each([
  ['imagegen.config.ts', 'const images: number = 7\nexport default { budget: { images } }'],
  ['imagegen.config.mjs', 'export default { budget: { images: 7 } }'],
  ['imagegen.config.json', '{ "budget": { "images": 7 } }'],
])('%s is found and read', async (name, text) => {
  await writeFile(path.join(root, name), text)
  expect(await loadConfig(root)).toEqual({
    options: { budget: { images: 7 } },
    file: path.join(root, name),
  })
})

test('an edited file is read again', async () => {
  const file = path.join(root, 'imagegen.config.ts')
  await writeFile(file, 'export default { mode: "draft" }')
  await loadConfig(root)
  await writeFile(file, 'export default { mode: "frozen" }')
  expect((await loadConfig(root)).options).toEqual({ mode: 'frozen' })
})

test('no file means no options', async () => {
  expect(await loadConfig(root)).toEqual({ options: {} })
})

test('a named file must exist', async () => {
  await expect(loadConfig(root, 'site.config.ts')).rejects.toThrow(/There is no configuration file/)
})

test.each([
  ['throw new Error("no luck")', /could not be loaded: no luck/],
  ['export default 5', /does not export an options object/],
])('what is broken is told: %s', async (text, message) => {
  await writeFile(path.join(root, 'imagegen.config.mjs'), text)
  await expect(loadConfig(root)).rejects.toThrow(message)
})

test.each([
  ['.env', 'API_KEY=sk-canary-0123', /\.env is not named like a configuration file/],
  [
    'imagegen.config.json',
    '{ "a": 1,\n  "key": sk-canary }',
    /config\.json:2:10 is not valid JSON\.$/,
  ],
  ['imagegen.config.json', 'sk-canary', /config\.json:1:1 is not valid JSON\.$/],
])('no error shows what is in a file: %s', async (name, text, message) => {
  await writeFile(path.join(root, name), text)
  const error: unknown = await loadConfig(root, name).catch((error: unknown) => error)
  expect(error).toMatchObject({ message: expect.stringMatching(message) })
  expect(inspect(error)).not.toContain('canary')
})
