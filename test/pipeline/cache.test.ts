import { execFile } from 'node:child_process'
import { chmod, cp, readdir, readFile, rename, symlink } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { rolldown } from 'rolldown'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createProject, KEY, open, type Project, startApi } from '../support/project.ts'

const SITE = `defaults: { size: 1024x1024, output: { formats: [webp, png], widths: [16, 32] } }
images:
  hero: { prompt: A lighthouse, alt: By day }
  hero-night: { prompt: The same at night, references: [{ image: hero }] }
`

async function buy(project: Project, url: string): Promise<readonly string[]> {
  const { pipeline } = await open(project, url)
  const report = await pipeline.generate()
  await pipeline.close()
  return report.images.map(({ outcome }) => outcome)
}

describe('nothing is bought again', () => {
  const changes: readonly (readonly [string, (project: Project) => Promise<unknown>])[] = [
    [
      'when images get other names',
      ({ write }) => write({ 'site.image.yaml': SITE.replaceAll('hero', 'scene') }),
    ],
    [
      'when a manifest moves',
      async ({ write, remove }) => {
        await remove('site.image.yaml')
        await write({ 'deep/down/other.image.yml': SITE })
      },
    ],
    [
      'when output and alt change',
      ({ write }) =>
        write({
          'site.image.yaml': SITE.replace('[webp, png]', '[jpeg]').replace('By day', 'At noon'),
        }),
    ],
    [
      'when the project moves',
      async project => {
        const moved = `${project.root}-moved`
        await rename(project.root, moved)
        await cp(moved, project.root, { recursive: true })
        await rename(moved, path.join(project.root, 'node_modules/moved'))
      },
    ],
    [
      'when all that is local to this machine is gone',
      async ({ remove }) => {
        await remove('.imagegen/local')
        await remove('node_modules')
      },
    ],
  ]
  test.each(changes)('%s', async (_name, change) => {
    const project = await createProject({ 'site.image.yaml': SITE })
    const api = await startApi()
    expect(await buy(project, api.url)).toEqual(['generated', 'generated'])
    await change(project)
    expect(await buy(project, api.url)).toEqual(['cached', 'cached'])
    expect(api.count).toBe(2)
  })

  test('when the gateway changes', async () => {
    const project = await createProject({ 'site.image.yaml': SITE })
    const [one, other] = [await startApi(), await startApi()]
    await buy(project, one.url)
    expect(await buy(project, other.url)).toEqual(['cached', 'cached'])
    expect(other.count).toBe(0)
  })
})

test('the same request in two manifests is bought once', async () => {
  const project = await createProject({
    'a.image.yaml': 'prompt: A lighthouse\n',
    'b.image.yaml': 'images:\n  other-name: { prompt: "A lighthouse " }\n  own: { prompt: Own }\n',
  })
  const api = await startApi({ delay: 30 })
  const { pipeline } = await open(project, api.url, { budget: { images: 2 } })
  const report = await pipeline.generate()
  expect(report.images.map(({ outcome }) => outcome).sort()).toEqual([
    'adopted',
    'generated',
    'generated',
  ])
  expect(report.requests).toBe(2)
  expect(api.count).toBe(2)
})

test('another revision is another picture of the same request; the first one stays', async () => {
  const project = await createProject({ 's.image.yaml': 'prompt: A lighthouse\n' })
  const api = await startApi({ vary: true })
  await buy(project, api.url)
  const before = await project.files('.imagegen/blobs')
  await project.write({ 's.image.yaml': 'prompt: A lighthouse\nrevision: 2\n' })
  expect(await buy(project, api.url)).toEqual(['generated'])
  const after = await project.files('.imagegen/blobs')
  expect(after.length).toBe(2)
  expect(after).toEqual(expect.arrayContaining(before))
  await project.write({ 's.image.yaml': 'prompt: A lighthouse\n' })
  expect(await buy(project, api.url)).toEqual(['cached'])
  expect(api.requests.map(({ fields }) => fields)).toEqual([
    expect.not.objectContaining({ revision: expect.anything() }),
    expect.not.objectContaining({ revision: expect.anything() }),
  ])
})

test('calls for one manifest at the same time share the work', async () => {
  const project = await createProject({ 'site.image.yaml': SITE })
  const api = await startApi({ delay: 30 })
  const { pipeline, events } = await open(project, api.url)
  const file = path.join(project.root, 'site.image.yaml')
  const [first, second] = await Promise.all([
    pipeline.resolveModule(file),
    pipeline.resolveModule(file),
  ])
  expect(second).toBe(first)
  expect(events.filter(({ type }) => type === 'run-start').length).toBe(1)
  expect(api.count).toBe(2)
  // Later calls look again, so that edits are seen.
  await expect(pipeline.resolveModule(file)).resolves.not.toBe(first)
})

describe('a build that needs nothing new', () => {
  async function prepare() {
    const project = await createProject({ 'site.image.yaml': SITE })
    const api = await startApi()
    const { pipeline } = await open(project, api.url)
    await pipeline.resolveModule(path.join(project.root, 'site.image.yaml'))
    await pipeline.close()
    return { project, api }
  }

  test('loads neither encoder, HTTP client nor parser, and opens no connection', async () => {
    const { project, api } = await prepare()
    const folder = await createProject({
      'package.json': '{"type":"module"}',
      'build.mjs': `import { register } from 'node:module'
const hooks = \`import { writeSync } from 'node:fs'
export function load(url, context, next) { writeSync(1, url + '\\\\n'); return next(url, context) }\`
register('data:text/javascript,' + encodeURIComponent(hooks))
const { openPipeline } = await import('./built/api.mjs')
const [root, baseURL] = process.argv.slice(2)
const pipeline = await openPipeline({ root, onSizeMismatch: 'ignore', provider: { baseURL } })
const { images } = await pipeline.resolveModule(root + '/site.image.yaml')
console.log('images', images.length)
await pipeline.close()
`,
    })
    await symlink(path.resolve('node_modules'), path.join(folder.root, 'node_modules'))
    const bundle = await rolldown({
      input: { api: path.resolve('src/api.ts') },
      external: /^(?!\.|\/|[A-Z]:)/,
      platform: 'node',
    })
    await bundle.write({ dir: path.join(folder.root, 'built'), entryFileNames: '[name].mjs' })
    await bundle.close()
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['build.mjs', project.root, api.url],
      { cwd: folder.root, env: { ...process.env, LLMEASY_API_KEY: KEY } },
    )
    expect(stderr).toBe('')
    expect(stdout).toContain('images 2')
    expect(stdout).toContain('node_modules/valibot/')
    expect(stdout).not.toMatch(/node_modules\/(?:sharp|undici|yaml|fast-glob|thumbhash|@aws-sdk)\//)
    expect(api.count).toBe(2)
  })

  test.skipIf(process.platform === 'win32')(
    'works in a directory that it cannot write to',
    async () => {
      const { project, api } = await prepare()
      const before = await project.files()
      await forbidWriting(project.root)
      const { pipeline, warnings } = await open(project, api.url)
      const { images } = await pipeline.resolveModule(path.join(project.root, 'site.image.yaml'))
      expect(images.length).toBe(2)
      for (const {
        files: [src],
      } of images) {
        expect((await readFile(src?.path ?? '')).length).toBe(src?.size)
      }
      await pipeline.close()
      expect(warnings()).toEqual([])
      expect(await project.files()).toEqual(before)
      expect(api.count).toBe(2)
    },
  )
})

/** Where nobody may write but root, which may always. */
async function forbidWriting(root: string): Promise<void> {
  const folders = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isDirectory())
    .map(entry => path.join(entry.parentPath, entry.name))
  const all = [root, ...folders]
  for (const folder of all) await chmod(folder, 0o555)
  onTestFinished(async () => {
    for (const folder of all) await chmod(folder, 0o755)
  })
}
