import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { findProject } from '../../src/project/find-project.ts'
import { loadProject } from '../../src/project/load-project.ts'
import { createProject } from '../support/project.ts'

const PACKAGE = '{ "name": "site" }'
const ENTRY = '.imagegen/entries/00/x.json'

/** A layout's files, where somebody stands, and where the project lies. */
const LAYOUTS: Readonly<Record<string, [files: readonly string[], start: string, root: string]>> = {
  "Vite's root in src": [['package.json', 'package-lock.json'], 'src', '.'],
  "Nuxt's app": [['package.json', 'nuxt.config.ts', 'pnpm-lock.yaml'], 'app', '.'],
  "electron-vite's renderer": [['package.json', '.git/HEAD'], 'src/renderer', '.'],
  'a configuration above a package': [
    ['imagegen.config.ts', '.git/HEAD', 'apps/www/package.json'],
    'apps/www/src',
    '.',
  ],
  'a nearer configuration': [
    ['imagegen.config.ts', '.git/HEAD', 'apps/www/imagegen.config.json'],
    'apps/www/src',
    'apps/www',
  ],
  'a configuration above a cache': [['imagegen.config.mts', `src/${ENTRY}`], 'src', '.'],
  'a cache that 0.1.0 left in src': [['package.json', `src/${ENTRY}`], 'src', 'src'],
  'a cache above a package': [
    [ENTRY, 'pnpm-workspace.yaml', 'apps/www/package.json'],
    'apps/www',
    '.',
  ],
  'two packages of a workspace': [
    ['package.json', 'pnpm-workspace.yaml', 'apps/www/package.json'],
    'apps/www',
    'apps/www',
  ],
  "a package's own lock file inside a repository": [
    ['imagegen.config.js', '.git/HEAD', 'docs/package.json', 'docs/package-lock.json'],
    'docs',
    '.',
  ],
  'nothing above the repository': [
    ['imagegen.config.ts', ENTRY, 'www/.git', 'www/package.json'],
    'www/src',
    'www',
  ],
  'nothing above a lock file without a repository': [
    ['imagegen.config.ts', 'www/yarn.lock', 'www/package.json'],
    'www/src',
    'www',
  ],
  'no package': [['.git/HEAD'], 'content/posts', '.'],
  'nothing at all': [['notes.txt'], 'content', 'content'],
}

test.each(Object.entries(LAYOUTS))('%s', async (_, [files, start, root]) => {
  const contents = files.map(file => [file, file.endsWith('package.json') ? PACKAGE : ''])
  const project = await createProject(Object.fromEntries(contents))
  await mkdir(path.join(project.root, start), { recursive: true })
  const found = await findProject({ start: path.join(project.root, start) })
  expect(path.relative(project.root, found.root) || '.').toBe(root)
})

test('a package.json that only sets a module format is no project', async () => {
  const project = await createProject({
    'package.json': PACKAGE,
    'src/package.json': '{ "type": "module" }',
  })
  expect(await findProject({ start: path.join(project.root, 'src') })).toMatchObject({
    root: project.root,
  })
})

test('`root` in a configuration file is relative to the file', async () => {
  const project = await createProject({
    '.git/HEAD': '',
    'imagegen.config.json': '{ "root": "shared" }',
    'apps/www/imagegen.config.json': '{ "root": "../.." }',
  })
  const at = (folder: string) => ({ start: path.join(project.root, folder) })
  expect((await loadProject({}, at('src'))).options.root).toBe(path.join(project.root, 'shared'))
  expect((await loadProject({}, at('apps/www/src'))).options.root).toBe(project.root)
})

test("an inline `root` is relative to the bundler's configuration file, and wins", async () => {
  const project = await createProject({
    '.git/HEAD': '',
    'imagegen.config.json': '{ "root": "shared", "budget": { "images": 3 } }',
  })
  const start = { start: path.join(project.root, 'src'), base: project.root }
  expect((await loadProject({ root: 'www' }, start)).options).toEqual({
    root: path.join(project.root, 'www'),
    budget: { images: 3 },
  })
})

test('an inline `root` by which 0.1.0 left a cache still leads there', async () => {
  const project = await createProject({ [`www/${ENTRY}`]: '', 'imagegen.config.json': '{}' })
  const start = { start: path.join(project.root, 'www/src'), base: project.root }
  expect((await findProject(start, '..')).root).toBe(path.join(project.root, 'www'))
})

test('tells which configuration files would count if they were made', async () => {
  const project = await createProject({ '.git/HEAD': '', 'imagegen.config.mjs': '' })
  const found = await findProject({ start: path.join(project.root, 'src') })
  expect(found.missingConfigs.map(file => path.relative(project.root, file))).toEqual([
    ...['ts', 'mts', 'mjs', 'js', 'json'].map(extension => `src/imagegen.config.${extension}`),
    'imagegen.config.ts',
    'imagegen.config.mts',
  ])
})
