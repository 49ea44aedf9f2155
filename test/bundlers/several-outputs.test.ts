import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { rspack } from '@rspack/core'
import type { Plugin } from 'vite'
import { expect, test } from 'vitest'
import type { Compiler, MultiCompiler } from 'webpack'
import webpack from 'webpack'
import { assertImage, emittedPictures, importBuilt } from './assert-image.ts'
import { buildWithVite, runCompiler, unpluginOf, VITES, webpackConfig } from './bundlers.ts'
import { SITE, writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

const FILES = {
  'site.image.yaml': SITE.replace('og/home.png', '"og/[name].[id].png"'),
  'main.js': `import { hero, og } from './site.image.yaml'; export { hero, og }`,
  'server.js': `import { heroNight, og } from './site.image.yaml'; export { heroNight, og }`,
}

const compile = { webpack, rspack: rspack as unknown as typeof webpack }

async function newProject() {
  const root = await writeSite(FILES)
  const pipeline = createTestPipeline()
  return { root, open: pipeline.open, dist: path.join(root, 'dist'), pipeline }
}

async function configOf(plugins: readonly unknown[], root: string) {
  const { open } = createTestPipeline()
  const config = await webpackConfig({ root, open })
  const output = { ...config.output, module: true }
  return { ...config, output, plugins: plugins as webpack.Configuration['plugins'] & object[] }
}

/** Packs every file of an output beside it, as late as such plugins do. */
const compressing = {
  apply: (compiler: Compiler) =>
    compiler.hooks.thisCompilation.tap('compressing', compilation => {
      const stage = compiler.webpack.Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE_TRANSFER
      compilation.hooks.processAssets.tap({ name: 'compressing', stage }, assets => {
        for (const [name, source] of Object.entries(assets)) {
          const packed = gzipSync(Buffer.from(source.source()))
          compilation.emitAsset(`${name}.gz`, new compiler.webpack.sources.RawSource(packed))
        }
      })
    }),
}

const compressingVite: Plugin = {
  name: 'compressing',
  enforce: 'post',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      const source = gzipSync(file.type === 'chunk' ? file.code : file.source)
      this.emitFile({ type: 'asset', fileName: `${file.fileName}.gz`, source })
    }
  },
}

/** Every file of a folder, and nothing else, is there once more, packed. */
async function assertPacked(dist: string): Promise<void> {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true })
  const files = entries
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
  const plain = files.filter(file => !file.endsWith('.gz'))
  expect(files.filter(file => file.endsWith('.gz')).sort()).toEqual(
    plain.map(file => `${file}.gz`).sort(),
  )
  for (const file of plain) {
    expect(gunzipSync(await readFile(`${file}.gz`))).toEqual(await readFile(file))
  }
}

const USED = ['[name].[id].png', 'hero-32w.png', 'hero-64w.png']

for (const name of ['webpack', 'rspack'] as const) {
  test(`${name} gives each compiler of a list its pictures`, async () => {
    const { root, open, dist, pipeline } = await newProject()
    const plugin = unpluginOf(open)[name]()
    const configs = await Promise.all(
      ['main', 'server'].map(async entry => {
        const config = await configOf([plugin], root)
        const folder = path.join(dist, entry)
        return { ...config, entry: `./${entry}.js`, output: { ...config.output, path: folder } }
      }),
    )
    await runCompiler(compile[name](configs) as MultiCompiler as unknown as Compiler)
    const [main, server] = [path.join(dist, 'main'), path.join(dist, 'server')]
    const { hero, og } = await importBuilt(path.join(main, 'main.js'))
    for (const image of [hero, og]) await assertImage(image, main)
    const built = await importBuilt(path.join(server, 'main.js'))
    for (const image of [built.heroNight, built.og]) await assertImage(image, server)
    expect(await emittedPictures(main)).toEqual(USED)
    expect(await emittedPictures(server)).toEqual(['[name].[id].png', 'hero-night-48w.png'])
    expect(pipeline.closed).toBe(pipeline.opened)
  })

  test(`${name} lets files be packed, all of the output and nothing else`, async () => {
    const { root, open, dist } = await newProject()
    const config = await configOf([unpluginOf(open)[name](), compressing], root)
    await runCompiler(compile[name](config))
    const { hero, og } = await importBuilt(path.join(dist, 'main.js'))
    for (const image of [hero, og]) await assertImage(image, dist)
    expect(await emittedPictures(dist)).toEqual(USED)
    await assertPacked(dist)
  })
}

for (const [name, load] of Object.entries(VITES)) {
  test(`${name} lets files be packed, all of the output and nothing else`, async () => {
    const { root, open, dist } = await newProject()
    const entry = await buildWithVite(load, { root, open }, { base: './' }, [compressingVite])
    const { hero, og } = await importBuilt(entry)
    for (const image of [hero, og]) await assertImage(image, dist)
    await assertPacked(dist)
  })
}
