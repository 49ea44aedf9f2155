import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Plugin as EsbuildPlugin } from 'esbuild'
import type { Plugin as RollupPlugin } from 'rollup'
import type { InlineConfig } from 'vite'
import { expect, test } from 'vitest'
import type { Compiler, Configuration } from 'webpack'
import { findSuspects } from '../../src/bundlers/guard/find-suspects.ts'
import { importBuilt } from './assert-image.ts'
import {
  BUNDLERS,
  buildWithVite,
  runCompiler,
  unpluginOf,
  VITES,
  webpackConfig,
} from './bundlers.ts'
import { writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

const HERO = `# The "first" picture
prompt: A lighthouse (at "dawn"), 100% of it's light
size: 384x192
`

const PUBLISHED = /holds the text of (?:src\/)?hero\.image\.yaml, prompts included/

async function prepare(files: Readonly<Record<string, string>>) {
  const root = await writeSite({ 'src/hero.image.yaml': HERO, ...files })
  return { root, open: createTestPipeline().open }
}

const VITE_REFERENCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'url() in CSS': {
    'main.js': `import './src/a.css'`,
    'src/a.css': '.a { background: url(./hero.image.yaml) }',
  },
  'image-set() in a module of CSS': {
    'main.js': `export { default } from './src/a.module.css'`,
    'src/a.module.css': `.a { background: image-set("./hero.image.yaml" 1x) }`,
  },
  'an import of CSS': {
    'main.js': `import './src/a.css'`,
    'src/a.css': `@import './b.css';`,
    'src/b.css': `.a { background: url('./hero.image.yaml') }`,
  },
  'new URL()': {
    'main.js': `export default new URL('./src/hero.image.yaml', import.meta.url).href`,
  },
  '<img src>': { 'index.html': '<img src="/src/hero.image.yaml">' },
  '<link href>': { 'index.html': '<link rel="icon" href="/src/hero.image.yaml">' },
  '<source srcset>': {
    'index.html': '<picture><source srcset="./src/hero.image.yaml 2x"><img src="data:,"></picture>',
  },
}

for (const [name, load] of Object.entries(VITES)) {
  for (const [reference, files] of Object.entries(VITE_REFERENCES)) {
    test.each([0, 100_000])(`${name} refuses ${reference}, inlined below %i bytes`, async limit => {
      const request = await prepare(files)
      const entry = 'index.html' in files ? 'index.html' : 'main.js'
      const building = buildWithVite(load, request, {
        build: {
          assetsInlineLimit: limit,
          rollupOptions: { input: path.join(request.root, entry) },
        },
      })
      await expect(building).rejects.toThrow(/hero\.image\.yaml[\s\S]*prompts included/)
    })
  }

  test.each(['url', 'inline', 'url&inline', 'inline&url'])(`${name} refuses ?%s`, async query => {
    const request = await prepare({
      'main.js': `export { default } from './src/hero.image.yaml?${query}'`,
    })
    await expect(buildWithVite(load, request)).rejects.toThrow(
      /hero\.image\.yaml\?.*main\.js would publish the manifest itself[\s\S]*\?raw/,
    )
  })

  test(`${name} refuses a glob of URLs, and gives out a glob of texts`, async () => {
    const glob = (query: string) =>
      `export default import.meta.glob('./src/*.image.yaml', { eager: true, query: '${query}', import: 'default' })`
    const urls = await prepare({ 'main.js': glob('?url') })
    await expect(buildWithVite(load, urls)).rejects.toThrow(/would publish the manifest itself/)
    const texts = await prepare({ 'main.js': glob('?raw') })
    const built = await importBuilt(await buildWithVite(load, texts))
    expect(built.default).toEqual({ './src/hero.image.yaml': HERO })
  })

  test(`${name} builds what only looks like a manifest`, async () => {
    const request = await prepare({
      'main.js': `import './a.css'; export const images = { prompt: 'images: hero' }
export const url = 'data:text/yaml,prompt: Another lighthouse'`,
      'a.css': `/* url(./src/hero.image.yaml) */ .a { background: url("data:text/yaml;base64,${btoa('prompt: A lighthouse')}") }`,
    })
    await expect(buildWithVite(load, request)).resolves.toContain('main.js')
  })
}

test('a file of the public folder is copied by no build when it is a manifest', async () => {
  const request = await prepare({ 'main.js': '', 'public/card.image.yaml': 'prompt: A card' })
  for (const load of Object.values(VITES)) {
    await expect(buildWithVite(load, request)).rejects.toThrow(
      /public\/card\.image\.yaml[\s\S]*prompts included/,
    )
  }
  const options = { exclude: ['public/**'] }
  const config: InlineConfig = { logLevel: 'silent' }
  await buildWithVite(() => import('vite'), { ...request, options }, config)
})

/** What other plugins do with files. */
const copies: RollupPlugin = {
  name: 'copies',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'copy.txt', source: `\uFEFF${HERO.trim()}\r\n` })
  },
}

test.each(['rollup', 'rolldown'] as const)(
  '%s fails when a plugin copies a manifest',
  async host => {
    const { root, open } = await prepare({ 'main.js': `export default './src/hero.image.yaml'` })
    const input = path.join(root, 'main.js')
    const dir = path.join(root, 'dist')
    const build = async () => {
      if (host === 'rollup') {
        const { rollup } = await import('rollup')
        const bundle = await rollup({ input, plugins: [unpluginOf(open).rollup({ root }), copies] })
        await bundle.write({ dir })
      } else {
        const { rolldown } = await import('rolldown')
        const plugins = [unpluginOf(open).rolldown({ root }), copies as never]
        const bundle = await rolldown({ input, plugins })
        await bundle.write({ dir })
      }
    }
    const building = build()
    await expect(building).rejects.toThrow(PUBLISHED)
    await expect(building).rejects.toThrow(/copy\.txt[\s\S]*named in main\.js/)
  },
)

async function buildLikeWebpack(
  host: 'webpack' | 'rspack',
  files: Readonly<Record<string, string>>,
  more: Configuration = {},
): Promise<string> {
  const { root, open } = await prepare(files)
  const { plugins: _, ...config } = await webpackConfig({ root, open })
  const plugins = more.plugins ?? []
  const merged = { ...config, ...more, resolveLoader: { modules: [path.resolve('node_modules')] } }
  if (host === 'webpack') {
    const { default: webpack } = await import('webpack')
    await runCompiler(webpack({ ...merged, plugins: [unpluginOf(open).webpack(), ...plugins] }))
  } else {
    const { rspack } = await import('@rspack/core')
    const { experiments: __, output, ...rest } = merged
    const options = { ...rest, output: { ...output, module: true } } as never
    const compiler = rspack(options) as unknown as Compiler
    for (const plugin of [unpluginOf(open).rspack(), ...plugins]) {
      ;(plugin as { apply(compiler: unknown): void }).apply(compiler)
    }
    await runCompiler(compiler)
  }
  return path.join(root, 'dist/main.js')
}

for (const host of ['webpack', 'rspack'] as const) {
  test(`${host} refuses new URL(), beside an import too`, async () => {
    const building = buildLikeWebpack(host, {
      'main.js': `import hero from './src/hero.image.yaml'
export default [hero, new URL('./src/hero.image.yaml', import.meta.url).href]`,
    })
    await expect(building).rejects.toThrow(/hero\.image\.yaml" would publish the manifest itself/)
  })

  test.each(['asset/resource', 'asset/inline'])(
    `${host} refuses ?url of the type %s`,
    async type => {
      const building = buildLikeWebpack(
        host,
        { 'main.js': `export { default } from './src/hero.image.yaml?url'` },
        { module: { rules: [{ resourceQuery: /url/, type }] } },
      )
      await expect(building).rejects.toThrow(/would publish the manifest itself/)
    },
  )

  test(`${host} gives out the text for ?raw`, async () => {
    const entry = await buildLikeWebpack(
      host,
      { 'main.js': `export { default } from './src/hero.image.yaml?raw'` },
      { module: { rules: [{ resourceQuery: /raw/, type: 'asset/source' }] } },
    )
    expect((await importBuilt(entry)).default).toBe(HERO)
  })

  test(`${host} fails when a plugin copies a manifest`, async () => {
    const copying = {
      apply(compiler: Compiler) {
        compiler.hooks.thisCompilation.tap('copies', compilation => {
          const { RawSource } = compiler.webpack.sources
          const stage = compiler.webpack.Compilation.PROCESS_ASSETS_STAGE_ADDITIONAL
          compilation.hooks.processAssets.tap({ name: 'copies', stage }, () =>
            compilation.emitAsset('copy.bin', new RawSource(Buffer.from(HERO))),
          )
        })
      },
    }
    const building = buildLikeWebpack(host, { 'main.js': '' }, { plugins: [copying] })
    await expect(building).rejects.toThrow(PUBLISHED)
  })
}

async function buildWithEsbuild(
  files: Readonly<Record<string, string>>,
  write: boolean,
  entry = 'main.js',
) {
  const { root, open } = await prepare(files)
  const { build } = await import('esbuild')
  return build({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    logLevel: 'silent',
    write,
    loader: { '.yaml': 'dataurl', '.txt': 'dataurl' },
    plugins: [unpluginOf(open).esbuild()],
  })
}

test.each([true, false])('esbuild refuses url() in CSS, writing: %s', async write => {
  const files = { 'src/a.css': '.a { background: url(./hero.image.yaml) }' }
  await expect(buildWithEsbuild(files, write, 'src/a.css')).rejects.toThrow(
    /a\.css would publish the manifest itself/,
  )
})

test.each([true, false])('esbuild fails when a copy is inlined, writing: %s', async write => {
  const files = { 'main.js': `export { default } from './copy.txt'`, 'copy.txt': HERO }
  const building = buildWithEsbuild(files, write)
  await expect(building).rejects.toThrow(PUBLISHED)
  await expect(building).rejects.toThrow('a data: URL in dist/main.js')
})

test('esbuild fails when a copy is inlined, beside an instance that takes no manifests', async () => {
  const { root, open } = await prepare({
    'main.js': `export { default } from './copy.txt'`,
    'copy.txt': HERO,
  })
  const { build } = await import('esbuild')
  const { esbuild } = unpluginOf(open)
  const building = build({
    absWorkingDir: root,
    entryPoints: ['main.js'],
    outdir: 'dist',
    bundle: true,
    logLevel: 'silent',
    loader: { '.txt': 'dataurl' },
    plugins: [esbuild({ include: ['other/**'] }), esbuild()],
  })
  await expect(building).rejects.toThrow(PUBLISHED)
})

test('esbuild gives a metafile only to who asks for it, whenever', async () => {
  const result = await buildWithEsbuild({ 'main.js': 'export default 1' }, false)
  expect('metafile' in result && result.metafile !== undefined).toBe(false)
  const { root, open } = await prepare({ 'main.js': 'export default 1' })
  const { build } = await import('esbuild')
  const { esbuild } = unpluginOf(open)
  const outputs: string[] = []
  const lister: EsbuildPlugin = {
    name: 'lister',
    setup({ initialOptions, onEnd }) {
      initialOptions.metafile = true
      onEnd(({ metafile }) => {
        outputs.push(...Object.keys(metafile?.outputs ?? {}))
      })
    },
  }
  const entry = { absWorkingDir: root, entryPoints: ['main.js'], outdir: 'dist' }
  await build({ ...entry, bundle: true, plugins: [esbuild(), lister, esbuild()] })
  expect(outputs).toEqual(['dist/main.js'])
})

for (const bundler of BUNDLERS) {
  test(`${bundler.name} builds when a manifest is only imported`, async () => {
    const { root, open } = await prepare({
      'main.js': `export { default as hero } from './src/hero.image.yaml'`,
    })
    await writeFile(path.join(root, 'notes.txt'), HERO)
    await expect(bundler.build({ root, open })).resolves.toContain('main.js')
  })
}

test.each([
  ['base64', `x="data:text/yaml;charset=utf-8;base64,${Buffer.from(HERO).toString('base64')}"`],
  [
    'percent-encoded',
    `x='data:application/x-yaml,${encodeURIComponent(HERO).replaceAll("'", '%27')}'`,
  ],
  [
    'between parentheses',
    `a{b:url(data:text/yaml,${encodeURIComponent(HERO).replace(/[()']/g, escape)})}`,
  ],
  ['quoted inside a string', `eval("x=\\"data:text/yaml,${encodeURIComponent(HERO)}\\"")`],
  [
    'as esbuild writes it',
    `x = ${JSON.stringify(`data:text/plain;charset=utf-8,${HERO.replaceAll('\n', '%0A').replaceAll('%&', '%25&').replace('100%', '100%25')}`)};`,
  ],
])('finds a data: URL that is %s', (_, content) => {
  const words = (text = '') => text.replace(/\W+/g, '')
  const [found] = findSuspects({
    name: 'main.js',
    content: `const before = 1; ${content}; after()`,
  })
  expect(words(found?.text)).toBe(words(HERO))
})

test('passes ten megabytes of scripts with data: URLs in one go', () => {
  const picture = `"data:image/png;base64,${Buffer.from('\x89PNG\0'.repeat(2_000)).toString('base64')}"`
  const vector = `'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22%3E%3C/svg%3E'`
  const unit = `const a = ${picture}, b = ${vector}, c = { images: "data:," };\n`
  const content = unit.repeat(Math.ceil(10_000_000 / unit.length))
  const started = performance.now()
  expect(findSuspects({ name: 'main.js', content })).toEqual([])
  // Takes about 60 ms; by the square it would be minutes.
  expect(performance.now() - started).toBeLessThan(2_000)
})
