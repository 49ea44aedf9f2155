import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderJsonSchema } from '../../build/schema.ts'
import { makeFolder, removeFolder } from '../support/folder.ts'
import { type LanguageClient, startLanguageServer } from './yaml-language-client.ts'

let folder: string
let editor: LanguageClient

beforeAll(async () => {
  folder = await makeFolder()
  await writeFile(join(folder, 'schema.json'), renderJsonSchema())
  editor = await startLanguageServer(pathToFileURL(join(folder, 'schema.json')).href)
}, 60_000)

afterAll(async () => {
  await editor?.close()
  await removeFolder(folder)
})

test('hovering a size shows what it is for, and the default', async () => {
  await editor.open('images:\n  hero:\n    prompt: A lighthouse\n    size: 1536x1024\n')
  const hover = await editor.hover(3, 6)
  expect(hover).toContain('Default: `1024x1024`')
  expect(hover).toContain('`1536x1024`: 3:2, landscape posters, banners, scenes')
  expect(hover).toContain('`2160x3840`: 9:16, 4K portraits')
})

test('formats, sizes and keys are completed, each with its description', async () => {
  await editor.open('prompt: A lighthouse\noutput: { formats: [] }\nsize: \n\n')
  const formats = await editor.complete(1, 20)
  expect(formats.map(({ label }) => label)).toEqual(['png', 'jpeg', 'webp', 'avif'])
  expect(await editor.complete(2, 6)).toContainEqual({
    label: '2048x1152',
    documentation: '16:9, high-resolution landscapes',
  })
  const keys = await editor.complete(3, 0)
  expect(keys.map(({ label }) => label)).toContain('references')
  expect(keys.filter(({ documentation }) => documentation === '')).toEqual([])
})

test.each([
  ['an unknown key', 'images:\n  a:\n    prompt: x\n    format: png\n', 'format is not allowed'],
  ['a size that no provider makes', 'prompt: x\nsize: 1920x1080\n', '"2048x1152"'],
  ['an image without a prompt', 'images:\n  a:\n    alt: x\n', 'Missing property "prompt"'],
  ['a manifest without images', 'size: auto\n', 'Missing property'],
  ['both forms at once', 'prompt: x\nimages:\n  a:\n    prompt: y\n', 'prompt is not allowed'],
  ['a ratio that is none', 'prompt: x\noutput: { aspect: wide }\n', 'like "16:9"'],
])('%s is an error', async (_, text, message) => {
  expect((await editor.open(text)).join('\n')).toContain(message)
})

test.each([
  ['one image', 'prompt: x\nsize: 1536x1024\nreferences: [./a.png, { image: b }]\n'],
  ['several images', 'images:\n  a:\n    prompt: x\n    matrix: { theme: [light, dark] }\n'],
  ['a size of a provider with free sizes', 'prompt: x\nsize: 1920x1088\n'],
])('%s is no error', async (_, text) => {
  expect(await editor.open(text)).toEqual([])
})

test('the schema is valid draft 07', () => {
  expect(new Ajv({ strict: false }).validateSchema(JSON.parse(renderJsonSchema()))).toBe(true)
})
