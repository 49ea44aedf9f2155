import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GalleryData } from '../../src/gallery/data/gallery-data.ts'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { writeFiles } from '../support/folder.ts'
import { commitAll, git } from '../support/git.ts'
import { runMain } from '../support/run-main.ts'
import { createSampleProject } from './sample-project.ts'

let api: ApiServer
beforeAll(async () => {
  api = await createApiServer({ scale: 1 / 16, vary: true })
})
afterAll(() => api.close())

const SITE = `defaults:
  size: 1024x1024
images:
  hero: { prompt: A lighthouse, alt: Lighthouse }
  night: { prompt: The same at night, references: [{ image: hero }] }
  gull: { prompt: A gull }
  kept: { prompt: A boat }
  same: { prompt: Fog }
  words: { prompt: Waves }
`

const CONFIG = `export default {
  onSizeMismatch: 'ignore',
  budget: { currency: 'EUR', prices: { '1024x1024': 0.25 } },
}
`

async function readData(folder: string): Promise<GalleryData> {
  const script = await readFile(path.join(folder, 'data.js'), 'utf8')
  const holder: { imagegenGalleryData?: GalleryData } = {}
  new Function('globalThis', script)(holder)
  if (!holder.imagegenGalleryData) throw new Error('There is no data.')
  return holder.imagegenGalleryData
}

async function start() {
  const root = await createSampleProject({
    'src/site.image.yaml': SITE,
    'imagegen.config.ts': CONFIG,
    '.gitignore': 'node_modules\nout\n',
  })
  const env = { LLMEASY_API_KEY: 'test-key', LLMEASY_BASE_URL: api.url }
  const run = async (...args: string[]) => {
    const result = await runMain(args, root, env)
    if (result.code !== 0 && args[0] !== 'gallery') throw new Error(result.stderr + result.stdout)
    return result
  }
  const out = path.join(root, 'out')
  return { root, run, out, file: path.join(root, 'src/site.image.yaml') }
}

test('shows what a branch added, changed, kept and removed, with the pictures before', async () => {
  const { root, run, out, file } = await start()
  await run('generate')
  commitAll(root, 'Begin')
  git(root, 'checkout', '--quiet', '-b', 'branch')
  const changed = SITE.replace('A lighthouse,', 'A lamp | `lit` by @ana <b>,')
    .replace('  gull: { prompt: A gull }\n', '')
    .replace('A boat', 'A red boat')
    .replace('prompt: Waves', 'prompt: Waves, alt: Waves')
    .concat('  new: { prompt: A storm }\n')
  await writeFile(file, changed)
  await run('keep', 'src/site.image.yaml#kept')
  await run('generate')
  // What is not needed any more is deleted, and still shown as it was.
  await run('prune', '--yes')
  commitAll(root, 'Change')
  const before = git(root, 'status', '--porcelain')

  const result = await run(
    'gallery',
    '--since',
    'main',
    '--out',
    'out',
    '--summary',
    'out/images.md',
    '--json',
  )
  expect(result).toMatchObject({ code: 0 })
  expect(JSON.parse(result.stdout).review).toMatchObject({
    since: 'main',
    unchanged: 1,
    cost: { amount: 0.75, currency: 'EUR' },
  })
  const { review, images } = await readData(out)
  const changes = review?.images.map(({ image, change, samePicture }) => [
    image.name,
    change,
    samePicture,
  ])
  expect(changes).toEqual([
    ['hero', 'changed', false],
    ['night', 'changed', false],
    ['kept', 'kept', true],
    ['words', 'changed', true],
    ['new', 'added', false],
    ['gull', 'removed', false],
  ])
  expect(images.map(({ id }) => id.name)).toEqual(['hero', 'night', 'kept', 'words', 'new'])
  const of = (name: string) => review?.images.find(({ image }) => image.name === name)
  expect(of('hero')?.words).toEqual([
    { field: 'prompt', before: 'A lighthouse', after: 'A lamp | `lit` by @ana <b>' },
  ])
  // It is an edit of another picture now.
  expect(of('night')).toMatchObject({ words: [], cost: { amount: 0.25 } })
  expect(of('words')?.words).toEqual([{ field: 'alt', after: 'Waves' }])
  expect(of('kept')?.words).toEqual([{ field: 'prompt', before: 'A boat', after: 'A red boat' }])
  expect(of('kept')).not.toHaveProperty('cost')
  expect(of('new')).not.toHaveProperty('before')
  for (const { before: old } of review?.images ?? []) {
    if (old) await sharp(path.join(out, old.url)).stats()
    if (old?.thumbnailUrl) await sharp(path.join(out, old.thumbnailUrl)).stats()
  }
  expect(of('hero')?.before?.digest).not.toBe(images[0]?.picture?.digest)
  expect(of('gull')?.before?.url).toMatch(/^files\/original-/)

  const summary = await readFile(path.join(out, 'images.md'), 'utf8')
  expect(summary).toContain('### Images: 1 added, 3 changed, 1 kept, 1 removed')
  expect(summary).toContain('New pictures cost 0.75 EUR. 1 unchanged.')
  expect(summary).toContain(
    '| `hero`<br>`src/site.image.yaml` | changed | prompt: `A lighthouse` → ``A lamp \\| `lit` by @ana <b>`` | 0.25 EUR |',
  )
  expect(summary).toContain('| changed, same picture | alt: added `Waves` |')
  // Nothing of it is left, and nothing was touched.
  expect(git(root, 'status', '--porcelain')).toBe(before)
  expect(git(root, 'worktree', 'list').trim().split('\n')).toHaveLength(1)
  // Against itself nothing changed.
  const none = await run('gallery', '--since', 'HEAD', '--out', 'out', '--json')
  expect(JSON.parse(none.stdout).review).toMatchObject({ changes: [], unchanged: 6 })
})

test('a changed model in the configuration is a change, and other files’ bytes too', async () => {
  const { root, run, out } = await start()
  const dot = async (color: string) => ({
    'src/ref.png': await sharp({ create: { width: 8, height: 8, channels: 3, background: color } })
      .png()
      .toBuffer(),
  })
  const manifest =
    'images:\n  hero: { prompt: A lamp }\n  edit: { prompt: Night, references: [./ref.png] }\n'
  await writeFiles(root, { 'src/site.image.yaml': manifest, ...(await dot('teal')) })
  await run('generate')
  commitAll(root, 'Begin')
  await writeFiles(root, await dot('coral'))
  await run('gallery', '--since', 'HEAD', '--out', 'out')
  let { review } = await readData(out)
  expect(review?.images).toMatchObject([
    { image: { name: 'edit' }, change: 'changed', words: [{ field: 'content of references' }] },
  ])
  await writeFiles(root, {
    'imagegen.config.ts': CONFIG.replace(
      'export default {',
      "export default {\n  provider: { model: 'gpt-image-3' },",
    ),
  })
  await run('gallery', '--since', 'HEAD', '--out', 'out')
  review = (await readData(out)).review
  expect(review?.images.map(({ image, words }) => [image.name, words[0]])).toEqual([
    ['hero', { field: 'model', before: 'gpt-image-2', after: 'gpt-image-3' }],
    ['edit', { field: 'model', before: 'gpt-image-2', after: 'gpt-image-3' }],
  ])
  expect(review?.images[0]?.before).toBeDefined()
})

test('says what to do where there is nothing to compare with', async () => {
  const { root, run } = await start()
  const none = await run('gallery', '--since', 'main', '--out', 'out')
  expect(none).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('not in a git repository'),
  })
  commitAll(root, 'Begin')
  const wrong = await run('gallery', '--since', '--upload-pack=x', '--out', 'out')
  expect(wrong.code).not.toBe(0)
  const missing = await run('gallery', '--since', 'nowhere', '--out', 'out')
  expect(missing.stderr).toContain('The repository has no commit "nowhere".')
  const alone = await run('gallery', '--summary', 'x.md')
  expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining('--since') })
  await rm(path.join(root, '.git'), { recursive: true })
})
