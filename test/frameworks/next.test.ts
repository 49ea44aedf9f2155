import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { refuseNext } from '../../src/bundlers/webpack/refuse-next.ts'
import type { Options } from '../../src/config/options.ts'
import { loadForNext, type NextLoaderContext } from '../../src/frameworks/next/next-loader.ts'
import { addImagegen } from '../../src/frameworks/next/with-imagegen.ts'
import { withImagegen } from '../../src/next.ts'
import loader from '../../src/next-loader.ts'
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
  expect(Object.keys(rules).slice(0, 4)).toEqual([
    '*.svg',
    '*.image.yaml',
    '*.image.yml',
    'imagegen-mjs',
  ])
  expect(rules['*.image.yaml']).toMatchObject({
    as: '*.js',
    loaders: [
      {
        loader: 'unplugin-imagegen/next/loader',
        options: {
          options: { mode: 'draft' },
          folder: path.join(root, 'node_modules/.cache/unplugin-imagegen-next'),
          bundler: 'turbopack',
        },
      },
    ],
  })
  const context = { dev: false, isServer: true, nextRuntime: 'nodejs' }
  const changed = Object(Object(config).webpack({ module: { rules: [] } }, context))
  expect(changed.theirs).toBe(true)
  expect(changed.module.rules[0].use).toMatchObject([
    { loader: 'unplugin-imagegen/next/loader', options: { bundler: 'webpack' } },
  ])
  expect(changed.module.rules[1]).toMatchObject({
    dependency: 'url',
    use: [{ options: { byUrl: true } }],
  })
  expect(changed.module.rules[3].generator.outputPath).toBe('../../')
  expect(changed.module.rules[0].sideEffects).toBe(false)
  const inDevelopment = { ...context, dev: true }
  const developed = Object(Object(config).webpack({ module: { rules: [] } }, inDevelopment))
  expect(developed.module.rules[0].sideEffects).toBe(true)
})

test('takes a configuration that is a function, which may be asynchronous', async () => {
  await createNextSite()
  const config = withImagegen(async (phase, { defaultConfig }) => ({ ...defaultConfig, phase }))
  const resolved = await config('phase-production-build', {
    defaultConfig: { phase: '', distDir: '.next' },
  })
  expect(resolved).toMatchObject({ phase: 'phase-production-build', distDir: '.next' })
  expect(Object(resolved).turbopack.rules).toHaveProperty(['*.image.yaml'])
})

test('refuses to be set up twice', async () => {
  await createNextSite()
  expect(() => withImagegen(withImagegen())).toThrow(
    'has a rule for *.image.yaml already, and withImagegen() brings one. Remove that rule, or the second withImagegen().',
  )
})

test('leaves a server alone that may write nothing', async () => {
  const { root } = await createNextSite()
  await writeFile(path.join(root, 'node_modules/.cache'), 'a file where a folder would be')
  expect(() => addImagegen({}, {})).not.toThrow()
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
  await createNextSite('15.2.4')
  expect(() => addImagegen({}, {})).toThrow(
    'unplugin-imagegen needs Next.js 15.3 or later; this project has Next.js 15.2.4. Update Next.js.',
  )
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
async function load(
  root: string,
  mode: string | undefined,
  bundler: 'turbopack' | 'webpack' = 'turbopack',
  {
    resourceQuery = '',
    ...further
  }: { resourceQuery?: string; byUrl?: boolean; mode?: string } = {},
) {
  const folder = path.join(root, 'folder')
  await mkdir(folder, { recursive: true })
  const dependencies: string[] = []
  const options = { onSizeMismatch: 'ignore' } as const
  const given = { options, folder, bundler, run: '', ...further }
  const context: NextLoaderContext = {
    resourcePath: path.join(root, 'site.image.yaml'),
    rootContext: root,
    resourceQuery,
    ...(mode !== undefined && { mode }),
    getOptions: () => given,
    addDependency: file => void dependencies.push(file),
    emitWarning: () => undefined,
    async: () => () => undefined,
  }
  return { code: await loadForNext(context, given), dependencies, folder }
}

/** Runs the loader for a file that a module names. */
function readFileOf(folder: string, specifier: string): Promise<string | Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    loader.call({
      resourcePath: path.join(folder, 'imagegen-mjs'),
      resourceQuery: specifier.slice(specifier.indexOf('?')),
      rootContext: folder,
      getOptions: () => ({ filesIn: folder }),
      addDependency: () => undefined,
      emitWarning: () => undefined,
      async: () => (error, content) => (error ? reject(error) : resolve(content)),
    })
  })
}

/** What the code imports. */
function importsOf(code: string): readonly string[] {
  return [...code.matchAll(/^import \w+ from "([^"]+)"/gm)].map(([, specifier = '']) => specifier)
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
  const [module = '', ...others] = importsOf(code)
  expect(module).toMatch(/^\.\/folder\/imagegen-mjs\?hero-[0-9a-f]{16}\.mjs$/)
  expect(others).toEqual([])
  expect(api.billed).toBe(1)
  const imageCode = Buffer.from((await readFileOf(folder, module)) ?? '').toString()
  expect(imageCode).toContain('blurDataURL')
  const [picture = ''] = importsOf(imageCode)
  expect(picture).toMatch(/^\.\/imagegen-webp\?hero-\d+w-[0-9a-f]{8}\.webp$/)
  const bytes = Buffer.from((await readFileOf(folder, picture)) ?? '')
  expect(bytes.subarray(8, 12).toString()).toBe('WEBP')
})

test('says what it generates, and nothing when there is nothing to do', async () => {
  const { root } = await startSite(0)
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  await load(root, 'production')
  expect(write.mock.calls.map(([line]) => line)).toEqual([
    '[unplugin-imagegen] Generating 1 image. This can take a few minutes.\n',
    '[unplugin-imagegen] site.image.yaml#hero: generating\n',
    '[unplugin-imagegen] [1/1] site.image.yaml#hero: generated\n',
  ])
  write.mockClear()
  await load(root, 'production')
  expect(write.mock.calls).toEqual([])
})

test('webpack gets the same by files whose names are no names of pictures', async () => {
  const { root, api } = await startSite(0)
  const { code, folder } = await load(root, 'production', 'webpack')
  const [module = ''] = importsOf(code)
  expect(module).toMatch(/^\.\/folder\/hero-[0-9a-f]{16}\.mjs\.imagegen$/)
  const imageCode = await readFile(path.join(root, module), 'utf8')
  const [picture = ''] = importsOf(imageCode)
  expect(picture).toMatch(/^\.\/hero-\d+w-[0-9a-f]{8}\.webp\.imagegen$/)
  const bytes = await readFile(path.join(folder, picture))
  expect(bytes.subarray(8, 12).toString()).toBe('WEBP')
  expect(api.billed).toBe(1)
})

test('a URL that names an image is an error that says what to do', async () => {
  const { root, api } = await startSite(0)
  const byQuery = load(root, 'production', 'turbopack', { resourceQuery: '?image=hero' })
  await expect(byQuery).rejects.toThrow(
    'Next.js takes images by import, not by the URL "site.image.yaml?image=hero". Import the image in code, and use its `src`.',
  )
  await expect(load(root, 'production', 'webpack', { byUrl: true })).rejects.toThrow(
    'Next.js takes images by import, not by the URL "site.image.yaml". Import the image in code, and use its `src`.',
  )
  expect(api.billed).toBe(0)
})

test.each([
  ['turbopack', 'folder'],
  // Next.js makes webpack watch nothing in node_modules.
  ['webpack', '.imagegen/local'],
] as const)(
  'development by %s shows drafts, and is told when pictures are there',
  async (bundler, stamps) => {
    const { root, api } = await startSite(300)
    const drafts = await load(root, 'development', bundler)
    const stamp = drafts.dependencies.find(file => file.endsWith('.stamp')) ?? ''
    expect(path.dirname(stamp)).toBe(path.join(root, stamps))
    expect(await readFile(stamp, 'utf8')).toBe('')
    await expect.poll(() => readFile(stamp, 'utf8')).not.toBe('')
    const pictures = await load(root, 'development', bundler)
    expect(pictures.code).not.toBe(drafts.code)
    expect(api.billed).toBe(1)
  },
)

test('development is known where Turbopack does not tell its loaders, as in Next.js 15', async () => {
  const { root, api } = await startSite(0)
  vi.stubEnv('NODE_ENV', 'development')
  const { rules } = Object(Object(addImagegen({}, {})).turbopack)
  const [{ options: given }] = rules['*.image.yaml'].loaders
  const { dependencies } = await load(root, undefined, 'turbopack', { mode: given.mode })
  const stamp = dependencies.find(file => file.endsWith('.stamp')) ?? ''
  await expect.poll(() => readFile(stamp, 'utf8')).not.toBe('')
  expect(api.billed).toBe(1)
})
