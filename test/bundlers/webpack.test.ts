import { readFile } from 'node:fs/promises'
import path from 'node:path'
import vm from 'node:vm'
import { expect, test } from 'vitest'
import type { Configuration } from 'webpack'
import webpack from 'webpack'
import { assertImage, emittedPictures, importBuilt } from './assert-image.ts'
import { runCompiler, webpackConfig } from './bundlers.ts'
import { SITE, writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

const FILES = {
  'site.image.yaml': SITE,
  'main.js': `import { hero } from './site.image.yaml'; export { hero }`,
}

async function build(
  files: Readonly<Record<string, string>>,
  change: (config: Configuration) => Configuration,
) {
  const root = await writeSite(files)
  const pipeline = createTestPipeline()
  const config = await webpackConfig({ root, open: pipeline.open })
  await runCompiler(webpack(change(config)))
  return { root, dist: path.join(root, 'dist'), pipeline }
}

test('finds files beside the script that a browser loaded', async () => {
  const { dist } = await build(
    { ...FILES, 'main.js': `import { hero } from './site.image.yaml'; globalThis.hero = hero` },
    ({ output, ...config }) => ({
      ...config,
      target: 'web',
      experiments: {},
      output: { path: String(output?.path), filename: 'main.js', publicPath: 'auto' },
    }),
  )
  const document = { currentScript: { tagName: 'SCRIPT', src: 'https://page.test/js/main.js' } }
  const page: Record<string, unknown> = { document }
  page.globalThis = page
  page.self = page
  page.window = page
  vm.runInNewContext(await readFile(path.join(dist, 'main.js'), 'utf8'), page)
  await assertImage(page.hero, dist, 'https://page.test/js/')
})

for (const publicPath of ['/static/', 'https://cdn.test/x/']) {
  test(`puts the public path ${publicPath} before every URL`, async () => {
    const { dist } = await build(FILES, config => ({
      ...config,
      mode: 'development',
      output: { ...config.output, publicPath },
    }))
    const { hero } = await importBuilt(path.join(dist, 'main.js'))
    await assertImage(hero, dist, publicPath)
  })
}

test('puts files where the project has its other assets', async () => {
  const { dist } = await build(FILES, config => ({
    ...config,
    mode: 'development',
    output: { ...config.output, assetModuleFilename: 'media/[hash][ext]' },
  }))
  const { hero } = await importBuilt(path.join(dist, 'main.js'))
  expect((await assertImage(hero, dist)).src).toMatch(/\/media\/hero-64w-[0-9a-f]{8}\.png$/)
})

for (const devtool of ['source-map', 'inline-source-map'] as const) {
  test(`drops unused files with devtool ${devtool}`, async () => {
    const { dist } = await build(FILES, config => ({ ...config, devtool }))
    await assertImage((await importBuilt(path.join(dist, 'main.js'))).hero, dist)
    expect(await emittedPictures(dist)).toEqual(['hero-32w.png', 'hero-64w.png', 'home.png'])
  })
}

test('keeps what the unminified code of development names', async () => {
  const { dist } = await build(FILES, config => ({ ...config, mode: 'development' }))
  await assertImage((await importBuilt(path.join(dist, 'main.js'))).hero, dist)
})

test('emits again what the persistent cache remembers, without asking for it', async () => {
  const root = await writeSite(FILES)
  const pipeline = createTestPipeline()
  for (const run of ['cold', 'warm']) {
    const config = await webpackConfig({ root, open: pipeline.open })
    const dist = path.join(root, run)
    await runCompiler(
      webpack({
        ...config,
        output: { ...config.output, path: dist },
        cache: { type: 'filesystem', cacheDirectory: path.join(root, '.cache') },
      }),
    )
    await assertImage((await importBuilt(path.join(dist, 'main.js'))).hero, dist)
    expect(await emittedPictures(dist)).toEqual(['hero-32w.png', 'hero-64w.png', 'home.png'])
  }
  expect(pipeline.opened).toBe(1)
})

for (const rule of [
  { test: /\.ya?ml$/, use: 'yaml-loader' },
  { test: /\.ya?ml$/, enforce: 'pre' as const, use: 'yaml-loader' },
  { test: /\.ya?ml$/, enforce: 'post' as const, use: 'yaml-loader' },
  { test: /\.ya?ml$/, type: 'asset/source' },
]) {
  test(`works beside the rule ${JSON.stringify(rule)}`, async () => {
    const { dist } = await build(
      {
        ...FILES,
        'data.yaml': 'answer: 42\n',
        'main.js': `${FILES['main.js']}; import data from './data.yaml'; export { data }`,
      },
      config => ({
        ...config,
        mode: 'development',
        module: { rules: [rule] },
        resolveLoader: { modules: [path.resolve('node_modules')] },
      }),
    )
    const { hero, data } = await importBuilt(path.join(dist, 'main.js'))
    await assertImage(hero, dist)
    expect(JSON.stringify(data)).toContain('42')
  })
}
