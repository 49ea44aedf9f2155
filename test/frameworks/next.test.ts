import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { refuseNext } from '../../src/bundlers/webpack/refuse-next.ts'
import type { Options } from '../../src/config/options.ts'
import { loadForNext } from '../../src/frameworks/next/next-loader.ts'
import { addImagegen } from '../../src/frameworks/next/with-imagegen.ts'
import { createProject, startApi } from '../support/project.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

const SITE = `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 1024x1024
    output: { formats: [webp], widths: [32, 64], placeholder: blur }
`

async function createNextSite(version = '16.4.6') {
  const project = await createProject({
    'package.json': '{"type":"module","name":"site"}',
    'node_modules/next/package.json': JSON.stringify({ version }),
    'site.image.yaml': SITE,
  })
  vi.spyOn(process, 'cwd').mockReturnValue(project.root)
  return project
}

test('adds one loader for Turbopack and for webpack, and keeps what is there', async () => {
  const { root } = await createNextSite()
  const webpack = vi.fn((config: object) => ({ ...config, theirs: true }))
  const config = addImagegen(
    { output: 'export', webpack, turbopack: { rules: { '*.svg': {} } } },
    { mode: 'draft' },
  )
  expect(config.output).toBe('export')
  const { rules } = Object(config.turbopack)
  expect(Object.keys(rules)).toEqual(['*.svg', '*.image.yaml', '*.image.yml'])
  expect(rules['*.image.yaml']).toMatchObject({
    as: '*.js',
    loaders: [
      {
        loader: 'unplugin-imagegen/next/loader',
        options: {
          options: { mode: 'draft' },
          folder: path.join(root, 'node_modules/.cache/unplugin-imagegen-next'),
        },
      },
    ],
  })
  const changed = Object(config.webpack({ module: { rules: [] } }))
  expect(changed.theirs).toBe(true)
  expect(changed.module.rules[0].use).toEqual(rules['*.image.yaml'].loaders)
})

test('takes plain values only, and names what is none', async () => {
  await createNextSite()
  const generate = () => undefined
  const options = { provider: { use: { name: 'mine', generate } } } as unknown as Options
  expect(() => addImagegen({}, options)).toThrow(
    '`options.provider.use.generate` of withImagegen() is not a plain value',
  )
  expect(() => addImagegen({}, { root: new URL('file:///') } as unknown as Options)).toThrow(
    '`options.root`',
  )
})

test('says that Next.js has no place for a list of images', async () => {
  await createNextSite()
  expect(() => addImagegen({}, { assets: 'imagegen-manifest.json' })).toThrow(
    'Option `assets` does not work with Next.js. Write a list of images with `imagegen export --data FILE` instead.',
  )
})

test('refuses a Next.js that is too old, and warns of one that nobody tried', async () => {
  await createNextSite('14.2.0')
  expect(() => addImagegen({}, {})).toThrow('this project has Next.js 14.2.0')
  await createNextSite('19.0.0')
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined)
  addImagegen({}, {})
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('this project has Next.js 19.0.0'))
})

test('the webpack plugin inside Next.js says what to use', () => {
  const alias = [{ name: 'next-swc-loader', alias: '/next/swc' }]
  expect(() => refuseNext({ options: { resolveLoader: { alias } } } as never)).toThrow(
    'Use `withImagegen()` of unplugin-imagegen/next',
  )
  expect(() => refuseNext({ options: { resolveLoader: {} } } as never)).not.toThrow()
})

/** Calls the loader as Next's compilers do. */
async function load(root: string, mode: string) {
  const folder = path.join(root, 'folder')
  await mkdir(folder, { recursive: true })
  const dependencies: string[] = []
  const code = await loadForNext({
    resourcePath: path.join(root, 'site.image.yaml'),
    rootContext: root,
    mode,
    getOptions: () => ({ options: { onSizeMismatch: 'ignore' }, folder, state: '' }),
    addDependency: file => void dependencies.push(file),
    emitWarning: () => undefined,
    async: () => () => undefined,
  })
  return { code, dependencies, folder }
}

async function startSite(delay: number) {
  const { root } = await createNextSite()
  const api = await startApi({ apiKey: 'a-key-of-next', scale: 1 / 16, delay })
  vi.stubEnv('LLMEASY_BASE_URL', api.url)
  vi.stubEnv('LLMEASY_API_KEY', 'a-key-of-next')
  return { root, api }
}

test('a build has the pictures, with the preview of `next/image`', async () => {
  const { root, api } = await startSite(0)
  const { code, folder } = await load(root, 'production')
  expect(code).toMatch(/^import file0 from "\.\/folder\/hero-\d+w-[0-9a-f]{8}\.webp"/)
  expect(code).toContain('blurDataURL')
  expect(api.billed).toBe(1)
  const [, name = ''] = /folder\/([^"]+)/.exec(code) ?? []
  expect((await readFile(path.join(folder, name))).subarray(8, 12).toString()).toBe('WEBP')
})

test('development shows drafts, and is told when the pictures are there', async () => {
  const { root, api } = await startSite(300)
  const drafts = await load(root, 'development')
  const stamp = drafts.dependencies.find(file => file.endsWith('.stamp')) ?? ''
  expect(await readFile(stamp, 'utf8')).toBe('')
  await expect.poll(() => readFile(stamp, 'utf8')).not.toBe('')
  const pictures = await load(root, 'development')
  expect(pictures.code).not.toBe(drafts.code)
  expect(api.billed).toBe(1)
})
