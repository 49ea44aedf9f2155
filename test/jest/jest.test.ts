import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createProject, KEY, open, type Project, startApi } from '../support/project.ts'

const REPOSITORY = path.resolve(import.meta.dirname, '../..')

const MANIFEST = `images:
  hero:
    prompt: A lighthouse
    size: 1536x1024
    alt: A lighthouse
    output: { formats: [webp, jpeg], widths: [768] }
  hero night: { prompt: The same at night, size: 1024x1024 }
`
/** As most projects set Jest up: CommonJS, with what another transformer made of ES modules. */
const CONFIG = `module.exports = {
  transform: { '\\\\.image\\\\.ya?ml$': '${REPOSITORY}/dist/jest.mjs' },
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'json', 'yaml'],
}
`
const SPEC = `const site = require('./site.image.yaml')
test('hero', () => {
  expect(site.hero).toBe(site.default.hero)
  expect(site.hero).toMatchObject({ alt: 'A lighthouse', format: 'jpeg' })
  expect(site.hero.src).toBe('/imagegen/site.image.yaml/hero.jpg')
  expect(Object.keys(site.default)).toEqual(['hero', 'hero night'])
  expect([site.hero.width, site.hero.height]).toEqual(JSON.parse(process.env.EXPECTED ?? '[768,512]'))
})
`

async function createTested(files: Readonly<Record<string, string>>): Promise<Project> {
  const project = await createProject({ 'package.json': '{"name":"tested"}', ...files })
  await symlink(path.join(REPOSITORY, 'node_modules'), path.join(project.root, 'node_modules'))
  return project
}

/** Jest as a project's `npm test` starts it, and what it printed. */
async function run(
  { root }: Project,
  url: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const bin = path.join(REPOSITORY, 'node_modules/jest/bin/jest.js')
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, [bin, '--cacheDirectory', path.join(root, 'jest-cache')], {
    cwd: root,
    env: { PATH, HOME, NO_COLOR: '1', LLMEASY_API_KEY: KEY, LLMEASY_BASE_URL: url, ...env },
  })
  onTestFinished(() => void child.kill())
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      output += text
    })
  }
  const [code] = await once(child, 'close')
  return { code, output }
}

test('tests get the modules of manifests, and nothing is requested or written', async () => {
  const project = await createTested({
    'jest.config.cjs': CONFIG,
    'site.image.yaml': MANIFEST,
    'site.test.js': SPEC,
  })
  const api = await startApi()
  const first = await run(project, api.url)
  expect(first.code, first.output).toBe(0)
  expect(api.count).toBe(0)
  expect(await project.files('.imagegen')).toEqual([])

  // Jest's cache does not hide that a picture came, smaller than it was asked for.
  await (await open(project, api.url)).pipeline.generate({
    images: [{ manifest: 'site.image.yaml', name: 'hero' }],
  })
  const requests = api.count
  const second = await run(project, api.url, { EXPECTED: '[48,32]' })
  expect(second.code, second.output).toBe(0)
  expect(api.count).toBe(requests)
})

test('tests that are ES modules get one', async () => {
  const project = await createTested({
    'package.json': '{"name":"tested","type":"module"}',
    'jest.config.js': CONFIG.replace('module.exports =', 'export default').replace(
      'moduleFile',
      "extensionsToTreatAsEsm: ['.yaml'],\n  moduleFile",
    ),
    'site.image.yaml': MANIFEST,
    'one.image.yaml': 'prompt: A boat\nsize: 1024x1024\n',
    'site.test.js': `import one from './one.image.yaml'
import site, { hero } from './site.image.yaml'
test('hero', () => {
  expect(hero).toBe(site.hero)
  expect(one.src).toBe('/imagegen/one.image.yaml/one.png')
})
`,
  })
  const { code, output } = await run(project, 'http://127.0.0.1:9', {
    NODE_OPTIONS: '--experimental-vm-modules',
  })
  expect(code, output).toBe(0)
})

test('a fault of a manifest is told once, with its place', async () => {
  const project = await createTested({
    'jest.config.cjs': CONFIG,
    'site.image.yaml': MANIFEST,
    'site.test.js': SPEC,
  })
  await writeFile(path.join(project.root, 'site.image.yaml'), MANIFEST.replace('alt:', 'altText:'))
  const { code, output } = await run(project, 'http://127.0.0.1:9')
  expect(code).toBe(1)
  expect(output).toContain('site.image.yaml:5:5')
  expect(output.split('Did you mean').length - 1, output).toBe(1)
  expect(output).not.toContain('jest-transformer')
})
