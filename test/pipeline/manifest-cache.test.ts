import { chmod, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Manifest } from '../../src/manifest/manifest.ts'
import { createManifestCache } from '../../src/pipeline/project/manifest-cache.ts'
import { createProject } from '../support/project.ts'

const texts = [
  { file: '/site/a.image.yaml', text: 'extends: ./base.yaml\nprompt: A lighthouse\n' },
  { file: '/site/base.yaml', text: 'defaults: { style: Flat }\n' },
] as const
const manifest: Manifest = {
  path: 'a.image.yaml',
  single: true,
  images: [
    {
      id: { manifest: 'a.image.yaml', name: 'a' },
      exportName: 'a',
      prompt: 'A lighthouse\n\nFlat “día” \u{1f31e}',
      size: '1024x1024',
      references: [],
      revision: 1,
      params: { quality: 'high', moderation: null },
      output: {},
      at: { line: 2, column: 9 },
    },
  ],
  extends: ['base.yaml'],
}

async function makeCache() {
  const { root } = await createProject({})
  const folder = path.join(root, 'manifests')
  const open = (...under: readonly unknown[]) => createManifestCache(folder, under)
  const onlyFile = async () => path.join(folder, (await readdir(folder)).join('/'))
  return { open, onlyFile, root }
}

test('what one process has parsed, the next one gets', async () => {
  const { open } = await makeCache()
  expect(await open('1').get(texts)).toBeUndefined()
  await open('1').put(texts, manifest)
  expect(await open('1').get(texts)).toEqual(manifest)
})

test.each([
  ['an edited text', '1', [{ ...texts[0], text: `${texts[0].text} ` }, texts[1]]],
  ['another base', '1', [texts[0], { ...texts[1], text: 'defaults: { style: Oil }\n' }]],
  ['a base less', '1', [texts[0]]],
  ['another version', '2', texts],
])('%s is not there', async (_, version, wanted) => {
  const { open } = await makeCache()
  await open('1').put(texts, manifest)
  expect(await open(version).get(wanted)).toBeUndefined()
})

test('an edit takes the place of what was there', async () => {
  const { open, onlyFile } = await makeCache()
  const edited = [{ ...texts[0], text: 'prompt: A harbour\n' }]
  await open().put(texts, manifest)
  await open().put(edited, { ...manifest, extends: [] })
  expect(await open().get(edited)).toEqual({ ...manifest, extends: [] })
  expect(await onlyFile()).toMatch(/[0-9a-f]{64}\.json$/)
})

test('whatever is damaged is parsed again, byte by byte', async () => {
  const { open, onlyFile } = await makeCache()
  await open().put(texts, manifest)
  const file = await onlyFile()
  const bytes = await readFile(file)
  for (let at = 0; at < bytes.length; at += 1) {
    const damaged = Buffer.from(bytes)
    damaged[at] = (damaged[at] ?? 0) ^ 1
    await writeFile(file, damaged)
    expect(await open().get(texts), `byte ${at}`).toBeUndefined()
    await writeFile(file, bytes.subarray(0, at))
    expect(await open().get(texts), `cut at ${at}`).toBeUndefined()
  }
})

test('what JSON cannot say is not kept', async () => {
  const { open } = await makeCache()
  const images = manifest.images.map(image => ({ ...image, params: { strength: Number.NaN } }))
  await open().put(texts, { ...manifest, images })
  expect(await open().get(texts)).toBeUndefined()
})

test('where nothing can be written, nothing is', async () => {
  const { root } = await createProject({ manifests: 'a file' })
  await chmod(root, 0o555)
  const cache = createManifestCache(path.join(root, 'manifests'), [])
  await cache.put(texts, manifest)
  expect(await cache.get(texts)).toBeUndefined()
  await chmod(root, 0o755)
})
