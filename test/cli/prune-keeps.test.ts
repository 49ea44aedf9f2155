import { mkdir, readdir, rm, symlink } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'vite'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Options } from '../../src/config/options.ts'
import imagegen from '../../src/vite.ts'
import { sampleProvider } from '../provider/custom/sample-provider.ts'
import { writeFiles } from '../support/folder.ts'
import { KEY, startApi } from '../support/project.ts'
import { runMain } from '../support/run-main.ts'
import { createSampleProject } from './sample-project.ts'

const PACKAGE = '{"name":"site","type":"module"}'
const prompt = (text: string) => `prompt: ${text}\n`

async function startSite(files: Readonly<Record<string, string>>) {
  const api = await startApi({ apiKey: KEY })
  const env = { LLMEASY_API_KEY: KEY, LLMEASY_BASE_URL: api.url }
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const root = await createSampleProject({ 'package.json': PACKAGE, ...files })
  await rm(path.join(root, 'src/site.image.yaml'))
  return {
    api,
    root,
    imagegen: (args: readonly string[], folder = '.') =>
      runMain(args, path.join(root, folder), env),
  }
}

async function buildWithVite(root: string, ...instances: readonly Options[]): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    resolve: { preserveSymlinks: true },
    plugins: instances.map(options => imagegen({ onSizeMismatch: 'ignore', ...options })),
    build: { rollupOptions: { input: path.join(root, 'src/main.js') } },
  })
}

async function originals(root: string): Promise<number> {
  const names = await readdir(path.join(root, '.imagegen/entries'), { recursive: true })
  return names.filter(name => name.endsWith('.json')).length
}

/** Deletes nothing of what is needed, and still finds what is not. */
async function expectOnlyTheSpareToGo(
  site: Awaited<ReturnType<typeof startSite>>,
  args: readonly string[] = [],
  folder = '.',
): Promise<void> {
  const before = await originals(site.root)
  expect(await site.imagegen(['prune', '--yes', ...args], folder)).toMatchObject({ code: 0 })
  expect(await originals(site.root)).toBe(before)
}

test('what is found behind a link and in a hidden folder stays, on a machine without a build too', async () => {
  const site = await startSite({
    'src/main.js': `export { default as logo } from './shared/logo.image.yaml'
      export { default as icon } from '../.theme/icon.image.yaml'`,
    '.theme/icon.image.yaml': prompt('An icon'),
  })
  const shared = await createSampleProject({ 'logo.image.yaml': prompt('A logo') })
  await rm(path.join(shared, 'src'), { recursive: true })
  await symlink(shared, path.join(site.root, 'src/shared'))
  // A circle, which leads nowhere.
  await symlink(site.root, path.join(site.root, 'src/loop'))
  await buildWithVite(site.root, { include: ['**/*.image.yaml', '**/.theme/*.image.yaml'] })
  expect(await originals(site.root)).toBe(2)
  await expectOnlyTheSpareToGo(site)
  // As another clone: what git does not keep is not there.
  await rm(path.join(site.root, '.imagegen/local'), { recursive: true })
  await expectOnlyTheSpareToGo(site)
})

test('what a build used outside of the project, or under its own model, stays', async () => {
  const site = await startSite({
    'src/main.js': `export { default as hero } from './hero.image.yaml'
      export { default as installed } from '../node_modules/brand/logo.image.yaml'`,
    'imagegen.config.json': '{ "provider": { "model": "another-model" } }',
    'src/hero.image.yaml': prompt('A hero'),
    'node_modules/brand/logo.image.yaml': prompt('An installed logo'),
  })
  await buildWithVite(site.root, {
    include: ['**/*.image.yaml'],
    exclude: [],
    provider: { model: 'gpt-image-2' },
  })
  expect(await originals(site.root)).toBe(2)
  await expectOnlyTheSpareToGo(site)
  await writeFiles(site.root, { 'other.config.json': '{ "include": "none/**" }' })
  await expectOnlyTheSpareToGo(site, ['--config', 'other.config.json'])

  await rm(path.join(site.root, 'node_modules/brand'), { recursive: true })
  expect((await site.imagegen(['prune', '--yes'])).stdout).toContain('Deleted 1 original')
})

test('what another app needs of a shared cache stays', async () => {
  const config = '{ "cacheDir": "../../.imagegen", "onSizeMismatch": "ignore" }'
  const site = await startSite({
    'pnpm-workspace.yaml': 'packages: [apps/*]\n',
    'apps/a/imagegen.config.json': config,
    'apps/a/a.image.yaml': prompt('A'),
    'apps/b/imagegen.config.json': config,
    'apps/b/.hidden/b.image.yaml': prompt('B'),
  })
  await mkdir(path.join(site.root, 'apps/b/src'), { recursive: true })
  expect(await site.imagegen(['generate'], 'apps/a')).toMatchObject({ code: 0 })
  expect(await site.imagegen(['generate', '.hidden/b.image.yaml'], 'apps/b')).toMatchObject({
    code: 0,
  })
  expect(await originals(site.root)).toBe(2)
  await expectOnlyTheSpareToGo(site, [], 'apps/a')
  await expectOnlyTheSpareToGo(site, [], 'apps/b')
})

test('two plugin instances with an include each keep what both need', async () => {
  const site = await startSite({
    'src/main.js': `export { default as hero } from './hero.image.yaml'
      export { default as icon } from '../.theme/icon.image.yaml'`,
    'src/hero.image.yaml': prompt('A hero'),
    '.theme/icon.image.yaml': prompt('An icon'),
  })
  await buildWithVite(
    site.root,
    { include: 'src/**/*.image.yaml' },
    { include: '.theme/*.image.yaml' },
  )
  expect(await originals(site.root)).toBe(2)
  await expectOnlyTheSpareToGo(site)
})

test('a linked manifest that cannot be read is told, and nothing is listed', async () => {
  const site = await startSite({
    'src/hero.image.yaml': prompt('A hero'),
    '.theme/icon.image.yaml': 'promt: typo\n',
  })
  await site.imagegen(['generate'])
  await writeFiles(site.root, { 'src/hero.image.yaml': prompt('Another hero') })
  const { code, stderr } = await site.imagegen(['prune', '--yes'])
  expect(code).toBe(1)
  expect(stderr).toContain('.theme/icon.image.yaml:1:1')
  expect(await originals(site.root)).toBe(1)
})

test('what builds made by providers that only they know stays, and commands say where they belong', async () => {
  const site = await startSite({
    'src/main.js': `export { hero, photo } from './site.image.yaml'`,
    'src/site.image.yaml': '',
  })
  await writeFiles(site.root, {
    'src/site.image.yaml':
      'images:\n  hero: { prompt: A lighthouse, size: 64x64 }\n  photo: { prompt: A keeper, provider: photos }\n',
  })
  await buildWithVite(site.root, {
    provider: { use: sampleProvider(undefined, { name: 'acme', sizes: ['64x64'] }) },
    providers: { photos: { use: sampleProvider(undefined, { name: 'photos-of-ours' }) } },
  })
  expect(await originals(site.root)).toBe(2)
  await writeFiles(site.root, {
    'imagegen.config.mjs': `export default { provider: { sizes: 'any' }, providers: { photos: {} } }`,
  })
  await expectOnlyTheSpareToGo(site)
  const { code, stderr } = await site.imagegen(['generate'])
  expect(code).toBe(2)
  expect(stderr).toContain('has other values for `provider.use`')
})

test('what code imports from a package stays, on a machine without a build too', async () => {
  const brand = 'node_modules/@acme/brand'
  const site = await startSite({
    'package.json': '{"name":"site","type":"module","dependencies":{"@acme/brand":"1"}}',
    'src/main.js': `export { default } from '@acme/brand/logo.image.yaml'`,
    'src/own.image.yaml': prompt('A picture of its own'),
    [`${brand}/package.json`]:
      '{"name":"@acme/brand","exports":{"./*.image.yaml":"./*.image.yaml"}}',
    [`${brand}/logo.image.yaml`]: prompt('A logo'),
  })
  await buildWithVite(site.root, {})
  expect(await originals(site.root)).toBe(1)
  await expectOnlyTheSpareToGo(site)
  await rm(path.join(site.root, '.imagegen/local'), { recursive: true })
  await expectOnlyTheSpareToGo(site)
})
