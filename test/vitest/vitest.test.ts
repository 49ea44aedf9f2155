import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, symlink } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { ImageAsset } from '../../src/api.ts'
import { makeDependentFolder, removeFolder } from '../support/folder.ts'
import { createProject, KEY, open, type Project, startApi } from '../support/project.ts'

const REPOSITORY = path.resolve(import.meta.dirname, '../..')

/** The plugin from its sources as one file, since Vitest would bundle them for each configuration. */
let plugin: string

beforeAll(async () => {
  plugin = path.join(await makeDependentFolder(), 'vite.mjs')
  await build({
    entryPoints: [path.join(REPOSITORY, 'src/vite.ts')],
    outfile: plugin,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  })
})
afterAll(() => removeFolder(path.dirname(plugin)))

const MANIFEST = `images:
  hero:
    prompt: A lighthouse
    size: 1536x1024
    alt: A lighthouse
    output: { formats: [webp, jpeg], widths: [32, 64, 768], aspect: '1:1', placeholder: blur }
  hero night: { prompt: The same at night, size: 1024x1024 }
`

/** Writes what it imported, for the test outside to look at. */
const SPEC = `import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import site from './site.image.yaml'
test('hero', () => {
  writeFileSync('seen.json', JSON.stringify(site))
  expect(site.hero.src).toBe('/imagegen/site.image.yaml/hero.jpg')
})
`

const config = (test = '{}') => `import imagegen from ${JSON.stringify(plugin)}
export default { plugins: [imagegen()], test: ${test} }
`

async function createTested(files: Readonly<Record<string, string>>): Promise<Project> {
  const project = await createProject({ 'package.json': '{"type":"module"}', ...files })
  await symlink(path.join(REPOSITORY, 'node_modules'), path.join(project.root, 'node_modules'))
  return project
}

/** Vitest as a project's `npm test` starts it. */
function start({ root }: Project, args: readonly string[], url: string) {
  const bin = path.join(REPOSITORY, 'node_modules/vitest/vitest.mjs')
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: root,
    env: { PATH, HOME, NO_COLOR: '1', CI: '1', LLMEASY_API_KEY: KEY, LLMEASY_BASE_URL: url },
  })
  onTestFinished(() => void child.kill())
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      output += text
    })
  }
  return { child, output: () => output }
}

async function run(project: Project, args: readonly string[], url: string): Promise<void> {
  const { child, output } = start(project, args, url)
  const [code] = await once(child, 'close')
  expect(code, output()).toBe(0)
}

async function seen({ root }: Project): Promise<Record<string, ImageAsset>> {
  return JSON.parse(await readFile(path.join(root, 'seen.json'), 'utf8'))
}

test('a run requests and writes nothing, under names that stay when pictures come', async () => {
  const cached = '{ experimental: { fsModuleCache: true, fsModuleCachePath: "./modules" } }'
  const project = await createTested({
    'vitest.config.js': config(cached),
    'site.image.yaml': MANIFEST,
    'site.test.js': SPEC,
  })
  const api = await startApi()
  await run(project, ['run'], api.url)
  const folder = '/imagegen/site.image.yaml'
  const { hero, 'hero night': night } = await seen(project)
  expect(hero).toEqual({
    src: `${folder}/hero.jpg`,
    width: 768,
    height: 768,
    format: 'jpeg',
    type: 'image/jpeg',
    srcset: `${folder}/hero-32w.jpg 32w, ${folder}/hero-64w.jpg 64w, ${folder}/hero.jpg 768w`,
    sources: [
      {
        type: 'image/webp',
        srcset: `${folder}/hero-32w.webp 32w, ${folder}/hero-64w.webp 64w, ${folder}/hero-768w.webp 768w`,
      },
      {
        type: 'image/jpeg',
        srcset: `${folder}/hero-32w.jpg 32w, ${folder}/hero-64w.jpg 64w, ${folder}/hero.jpg 768w`,
      },
    ],
    placeholder: { color: expect.any(String), dataUrl: expect.any(String) },
    alt: 'A lighthouse',
  })
  expect(night).toMatchObject({ src: `${folder}/hero%20night.png`, width: 1024, height: 1024 })
  expect(api.count).toBe(0)
  expect(await project.files('.imagegen')).toEqual([])

  // The API draws smaller than it was asked to; that is what builds use from now on.
  await (await open(project, api.url)).pipeline.generate()
  const requests = api.count
  await run(project, ['run'], api.url)
  const made = await seen(project)
  expect(made.hero).toMatchObject({ src: hero?.src, width: 32, height: 32 })
  expect(made['hero night']).toMatchObject({ src: night?.src, width: 32, height: 32 })
  await run(project, ['bench', '--run', '--passWithNoTests'], api.url)
  expect(api.count).toBe(requests)
})

test('a URL of one picture requests nothing either', async () => {
  const project = await createTested({
    'vitest.config.js': config('{ css: true }'),
    'site.image.yaml': MANIFEST,
    'a.css': '.a { background: url(./site.image.yaml?image=hero) }',
    'site.test.js': `import { writeFileSync } from 'node:fs'
import { test } from 'vitest'
import css from './a.css?inline'
import src from './site.image.yaml?image=hero&format=webp&width=64&src'
test('hero', () => {
  const { pathname } = new URL('./site.image.yaml?image=hero&width=32', import.meta.url)
  writeFileSync('seen.json', JSON.stringify({ css, src, pathname }))
})
`,
  })
  const api = await startApi()
  await run(project, ['run'], api.url)
  const folder = '/imagegen/site.image.yaml'
  expect(await seen(project)).toEqual({
    css: expect.stringContaining(`url(${folder}/hero.jpg)`),
    src: `${folder}/hero-64w.webp`,
    pathname: `${folder}/hero-32w.jpg`,
  })
  expect(api.count).toBe(0)
})

test('projects are test runs, and a build that a test starts is a build', async () => {
  const project = await createTested({
    'vitest.config.js': config(
      `{ projects: ['packages/*', { extends: true, test: { name: 'root', include: ['*.test.js'] } }] }`,
    ),
    'site.image.yaml': MANIFEST,
    'site.test.js': `${SPEC}
import { readFileSync, readdirSync } from 'node:fs'
import { build } from 'vite'
import imagegen from ${JSON.stringify(plugin)}
test('built', async () => {
  process.env.IMAGEGEN_MODE = 'draft'
  await build({ configFile: false, logLevel: 'error', plugins: [imagegen()],
    build: { lib: { entry: 'main.js', formats: ['es'] } } })
  expect(readdirSync('dist').join()).toMatch(/hero-\\S+\\.webp/)
}, 30_000)
`,
    'main.js': `export { hero } from './site.image.yaml'`,
    'packages/app/vitest.config.js': config(),
    'packages/app/src/site.image.yaml': MANIFEST,
    'packages/app/src/site.test.js': SPEC.replace('/imagegen/', '/imagegen/packages/app/src/'),
  })
  const api = await startApi()
  await run(project, ['run'], api.url)
  expect(api.count).toBe(0)
})

test('a watched run follows a manifest that is edited', async () => {
  const project = await createTested({
    'vitest.config.js': config(),
    'site.image.yaml': MANIFEST,
    'site.test.js': SPEC,
  })
  const api = await startApi()
  const { output } = start(project, ['--watch'], api.url)
  await expect.poll(output, { timeout: 30_000 }).toContain('Waiting for file changes')
  await project.write({ 'site.image.yaml': MANIFEST.replace('alt: A', 'alt: The') })
  const alt = async () => (await seen(project)).hero?.alt
  await expect.poll(alt, { timeout: 30_000 }).toBe('The lighthouse')
  expect(api.count).toBe(0)
})
