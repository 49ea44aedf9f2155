import { copyFile, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { rspack } from '@rspack/core'
import type { Plugin } from 'rollup'
import { expect, test } from 'vitest'
import type { Compiler } from 'webpack'
import webpack from 'webpack'
import { assertImage, emittedPictures, importBuilt } from './assert-image.ts'
import { buildWithVite, runCompiler, unpluginOf, VITES, webpackConfig } from './bundlers.ts'
import { SITE, writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

const FILES = {
  'site.image.yaml': SITE,
  'main.js': `import { hero } from './site.image.yaml'; export { hero }`,
}

/** Pictures of the hero and the one with a fixed name. */
const USED = ['hero-32w.png', 'hero-64w.png', 'home.png']

/** The bytes of the image that nobody imports. */
async function spareBytes(): Promise<Buffer> {
  const { root, open } = await newProject()
  const pipeline = await open({}, { start: root }, 'test')
  const { images } = await pipeline.resolveModule(path.join(root, 'site.image.yaml'))
  await pipeline.close()
  const spare = images.find(({ id }) => id.name === 'spare')
  return readFile(spare?.files[0]?.path ?? '')
}

/** Code that says what it said before, in a form that nobody finds a name in. */
const packed = (code: string) =>
  `const { hero } = await import('data:text/javascript;base64,${Buffer.from(code).toString('base64')}'); export { hero }`

async function newProject(files: Readonly<Record<string, string | Uint8Array>> = FILES) {
  const root = await writeSite(files)
  const { open } = createTestPipeline()
  return { root, open, dist: path.join(root, 'dist') }
}

const compile = { webpack, rspack: rspack as unknown as typeof webpack }

/** Changes assets of a compilation before it is taken to be complete. */
const changeAssets = (
  change: (compilation: webpack.Compilation, core: Compiler['webpack']) => void,
) => ({
  apply: (compiler: Compiler) =>
    compiler.hooks.thisCompilation.tap('test', compilation => {
      const stage = compiler.webpack.Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE_INLINE
      compilation.hooks.processAssets.tap({ name: 'test', stage }, () =>
        change(compilation, compiler.webpack),
      )
    }),
})

for (const name of ['webpack', 'rspack'] as const) {
  const build = async (filename = 'main.js', plugin?: { apply(compiler: Compiler): void }) => {
    const { root, open, dist } = await newProject()
    const config = await webpackConfig({ root, open })
    const plugins = [unpluginOf(open)[name]() as never, ...(plugin ? [plugin] : [])]
    await runCompiler(
      compile[name]({ ...config, plugins, output: { ...config.output, module: true, filename } }),
    )
    return dist
  }

  for (const filename of ['main.bundle', 'main.js.txt', 'main.wasm', 'main']) {
    test(`${name} keeps the pictures of a script called ${filename}`, async () => {
      const dist = await build(filename)
      // Node goes by the extension.
      await copyFile(path.join(dist, filename), path.join(dist, 'executed.mjs'))
      await assertImage((await importBuilt(path.join(dist, 'executed.mjs'))).hero, dist)
    })
  }

  test(`${name} keeps the pictures of a script that was packed`, async () => {
    const dist = await build(
      'main.js',
      changeAssets((compilation, { sources }) =>
        compilation.updateAsset(
          'main.js',
          source => new sources.RawSource(packed(source.source().toString())),
        ),
      ),
    )
    expect(await readFile(path.join(dist, 'main.js'), 'utf8')).not.toContain('hero-32w')
    expect(await emittedPictures(dist)).toEqual(USED)
  })

  test(`${name} keeps a picture that another file names, whatever its type`, async () => {
    const dist = await build(
      'main.js',
      changeAssets((compilation, { sources }) => {
        const names = compilation.getAssets().map(asset => asset.name)
        const list = Buffer.from(`\xff\0${names.join('\0')}`, 'latin1')
        compilation.emitAsset('precache.bin', new sources.RawSource(list))
      }),
    )
    expect(await emittedPictures(dist)).toContain('spare-24w.png')
  })

  test(`${name} keeps a picture that somebody else emitted as well`, async () => {
    const dist = await build(
      'main.js',
      changeAssets((compilation, { sources }) => {
        const spare = compilation.getAssets().find(asset => asset.name.startsWith('spare-'))
        if (!spare) throw new Error('There is no such asset yet.')
        const copy = new sources.RawSource(Buffer.from(spare.source.source()))
        compilation.emitAsset(spare.name, copy, { copied: true })
      }),
    )
    expect(await emittedPictures(dist)).toContain('spare-24w.png')
  })
}

for (const [name, load] of Object.entries(VITES)) {
  test(`${name} keeps a picture of the project's own that has the bytes of an unused image`, async () => {
    const { root, open, dist } = await newProject({
      ...FILES,
      'photo.png': await spareBytes(),
      'main.js': `import { hero } from './site.image.yaml'; globalThis.hero = hero`,
      'index.html': `<img src="./photo.png"><script type="module" src="./main.js"></script>`,
    })
    const rollupOptions = {
      input: path.join(root, 'index.html'),
      output: { entryFileNames: 'main.js' },
    }
    const build = { assetsInlineLimit: 0, modulePreload: { polyfill: false }, rollupOptions }
    await buildWithVite(load, { root, open }, { base: '/', build })
    await importBuilt(path.join(dist, 'main.js'))
    await assertImage(Reflect.get(globalThis, 'hero'), dist, '/')
    const [, src = ''] =
      /<img src="(.*?)"/.exec(await readFile(path.join(dist, 'index.html'), 'utf8')) ?? []
    expect(await readFile(path.join(dist, src))).toEqual(await spareBytes())
    expect(await emittedPictures(dist)).toEqual([...USED, 'photo.png'])
  })

  test(`${name} gives every output the pictures that it refers to`, async () => {
    const { root, open, dist } = await newProject()
    const entry = { input: path.join(root, 'main.js'), preserveEntrySignatures: 'strict' as const }
    const output = (['es', 'cjs'] as const).map(format => ({
      format,
      dir: path.join(dist, format),
      entryFileNames: format === 'es' ? 'main.js' : 'main.cjs',
    }))
    await buildWithVite(
      load,
      { root, open },
      { base: '/', build: { rollupOptions: { ...entry, output } } },
    )
    for (const [format, main] of [
      ['es', 'main.js'],
      ['cjs', 'main.cjs'],
    ] as const) {
      const { hero } = await importBuilt(path.join(dist, format, main))
      await assertImage(hero, path.join(dist, format), '/')
      expect(await emittedPictures(path.join(dist, format))).toEqual(USED)
    }
  })
}

for (const name of ['rollup', 'rolldown'] as const) {
  const build = async (plugin: Plugin) => {
    const { root, open, dist } = await newProject()
    const plugins = [unpluginOf(open)[name]({ root }), plugin]
    const { [name]: bundler } = (await import(name)) as typeof import('rollup') & {
      rolldown: typeof import('rollup')['rollup']
    }
    const bundle = await bundler({ input: path.join(root, 'main.js'), plugins: plugins as never })
    await bundle.write({ dir: dist, format: 'es' })
    await bundle.close()
    return dist
  }

  test(`${name} keeps a picture that another plugin emits with the bytes of an unused image`, async () => {
    const source = await spareBytes()
    const dist = await build({
      name: 'another',
      buildStart() {
        this.emitFile({ type: 'asset', name: 'photo.png', source })
      },
    })
    expect(await readdir(path.join(dist, 'assets'))).toContainEqual(
      expect.stringMatching(/^photo-/),
    )
  })

  test(`${name} keeps the pictures of a script that was packed`, async () => {
    const dist = await build({ name: 'packer', renderChunk: code => packed(code) })
    expect(await emittedPictures(dist)).toEqual(USED)
  })

  test(`${name} keeps a picture that another file names, whatever its type`, async () => {
    const dist = await build({
      name: 'later',
      generateBundle: {
        order: 'pre',
        handler(_options, bundle) {
          const names = Object.keys(bundle).join('\0')
          const source = Buffer.from(`\xff\0${names}`, 'latin1')
          this.emitFile({ type: 'asset', fileName: 'precache.bin', source })
        },
      },
    })
    const list = await readFile(path.join(dist, 'precache.bin'), 'latin1')
    const pictures = list.split('\0').filter(file => file.endsWith('.png'))
    expect(await readdir(dist, { recursive: true })).toEqual(expect.arrayContaining(pictures))
  })
}
