import path from 'node:path'
import yamlPlugin from '@rollup/plugin-yaml'
import type { Plugin } from 'vite'
import { expect, test } from 'vitest'
import webpack from 'webpack'
import { assertImage, importBuilt } from './assert-image.ts'
import { buildWithVite, runCompiler, VITES, webpackConfig } from './bundlers.ts'
import { writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

// Its types describe another module format than its code has.
const yaml = yamlPlugin as unknown as () => Plugin

async function prepare() {
  const root = await writeSite({
    'a/a.image.yaml': 'prompt: The first\nsize: 384x192\n',
    'b/b.image.yaml': 'prompt: The second\nsize: 576x192\n',
    'data.yaml': 'answer: 42\n',
    'main.js': `import a from './a/a.image.yaml'; import b from './b/b.image.yaml'
import data from './data.yaml'
export { a, b, data }`,
  })
  const { open } = createTestPipeline()
  const options = { include: ['a/**/*.image.yaml'] }
  return { root, open, options, more: [{ open, options: { include: ['b/**/*.image.yaml'] } }] }
}

async function assertBoth(entry: string): Promise<void> {
  const { a, b, data } = await importBuilt(entry)
  expect(await assertImage(a, path.dirname(entry))).toMatchObject({ width: 16 })
  expect(await assertImage(b, path.dirname(entry))).toMatchObject({ width: 24 })
  expect(JSON.stringify(data)).toContain('42')
}

for (const [name, load] of Object.entries(VITES)) {
  test.each(['before', 'after'])(`${name}: a YAML plugin %s two instances`, async order => {
    const [first, last] = order === 'before' ? [[yaml()], []] : [[], [yaml()]]
    const request = await prepare()
    await assertBoth(await buildWithVite(load, request, { base: './', plugins: first }, last))
  })

  test(`${name}: a YAML plugin does not get what no instance takes`, async () => {
    const { more: _, ...request } = await prepare()
    await expect(
      buildWithVite(load, request, { base: './', plugins: [yaml()] }, [yaml()]),
    ).rejects.toThrow(/b\/b\.image\.yaml is imported, but no instance/)
  })
}

test.each(['pre', 'normal', 'post'] as const)(
  'webpack: yaml-loader, %s, beside two instances',
  async place => {
    const config = await webpackConfig(await prepare())
    const rule = {
      test: /\.ya?ml$/,
      use: 'yaml-loader',
      ...(place !== 'normal' && { enforce: place }),
    }
    await runCompiler(
      webpack({
        ...config,
        mode: 'development',
        module: { rules: [rule] },
        resolveLoader: { modules: [path.resolve('node_modules')] },
      }),
    )
    await assertBoth(path.join(String(config.output?.path), 'main.js'))
  },
)
