import { readFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { aPicture } from '../provider/custom/sample-provider.ts'
import { createProject, failureOf, open, startApi } from '../support/project.ts'

const MANIFEST = `images:
  team:
    prompt: Another sky
    references: [{ file: ./a.png, mask: ./mask.png }]
    params: { controls: { colors: [[1, 2, 3]], 'no': { text: true } }, seed: 7 }
`
const provider = { preset: 'openai' as const }

function opaque(): Promise<Buffer> {
  const create = { width: 32, height: 32, channels: 3 as const, background: '#fff' }
  return sharp({ create }).png().toBuffer()
}

test('a mask goes with the edit, counts by its content, and is watched', async () => {
  const project = await createProject({
    's.image.yaml': MANIFEST,
    'a.png': await opaque(),
    'mask.png': await aPicture('#00000000'),
  })
  const api = await startApi({ openai: true })
  const env = { OPENAI_API_KEY: 'test-key' }
  const { pipeline } = await open(project, api.url, { provider, env })
  await pipeline.generate()
  const [request] = api.requests
  expect(request?.files.map(({ field, name }) => [field, name])).toEqual([
    ['image', 'a.png'],
    ['mask', 'mask.png'],
  ])
  // Nested values go as JSON text, a field each.
  expect(request?.fields).toMatchObject({
    controls: '{"colors":[[1,2,3]],"no":{"text":true}}',
    seed: '7',
  })
  const file = path.join(project.root, 's.image.yaml')
  expect(await pipeline.watchFilesOf(file)).toContain(path.join(project.root, 'mask.png'))
  const key = (await pipeline.plan()).images[0]?.key
  const entry = (await project.files('.imagegen/entries')).find(name => name.includes(`${key}`))
  expect(JSON.parse(await readFile(path.join(project.root, entry ?? ''), 'utf8'))).toMatchObject({
    version: 2,
    request: { mask: expect.stringMatching(/^[\da-f]{64}$/) },
  })

  await project.write({ 'mask.png': await aPicture('#ff000000') })
  expect((await pipeline.plan()).images[0]).toMatchObject({ status: { state: 'missing' } })
})

test.each<[string, () => Promise<Buffer>, string]>([
  [
    'of another size',
    () => aPicture('#00000000', { width: 16, height: 32 }),
    'the mask mask.png has 16×32 pixels, but its picture has 32×32',
  ],
  ['without alpha', opaque, 'the mask mask.png has no alpha channel'],
  [
    'that is no PNG',
    async () =>
      sharp(await aPicture('#00000000'))
        .webp()
        .toBuffer(),
    'the mask mask.png is WEBP. Save it as PNG.',
  ],
  ['that is no picture', async () => Buffer.from('x'), 'is not a PNG, JPEG or WebP picture'],
])('a mask %s is refused before anything is sent', async (_, mask, words) => {
  const project = await createProject({
    's.image.yaml': MANIFEST,
    'a.png': await opaque(),
    'mask.png': await mask(),
  })
  const api = await startApi({ openai: true })
  const { pipeline } = await open(project, api.url, {
    provider,
    env: { OPENAI_API_KEY: 'test-key' },
  })
  expect((await failureOf(pipeline.generate())).message).toContain(words)
  expect(api.count).toBe(0)
})

test('only the first reference has a mask', async () => {
  const project = await createProject({
    's.image.yaml': 'prompt: x\nreferences: [./a.png, { file: ./a.png, mask: ./m.png }]\n',
  })
  const { pipeline } = await open(project, 'http://127.0.0.1:9/v1', { provider })
  expect((await failureOf(pipeline.plan())).message).toMatch(
    /2:46[\s\S]*Only the first reference can have a mask/,
  )
})

test('nested params count whatever the order of their names', async () => {
  const keyOf = async (params: string) => {
    const project = await createProject({ 's.image.yaml': `prompt: x\nparams: ${params}\n` })
    const { pipeline } = await open(project, 'http://127.0.0.1:9/v1')
    return (await pipeline.plan()).images[0]?.key
  }
  const key = await keyOf('{ a: { b: 1, c: [2, { d: 3, e: 4 }] } }')
  expect(await keyOf('{ a: { c: [2, { e: 4, d: 3 }], b: 1 } }')).toBe(key)
  expect(await keyOf('{ a: { c: [{ e: 4, d: 3 }, 2], b: 1 } }')).not.toBe(key)
})
