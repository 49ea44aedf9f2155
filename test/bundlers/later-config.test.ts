import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import webpack from 'webpack'
import { runCompiler, webpackConfig } from './bundlers.ts'
import { createFakePipeline } from './fake-pipeline.ts'
import { writeProject } from './project.ts'

test("webpack's persistent cache sees a configuration file that comes, comes nearer, and goes", async () => {
  const root = await writeProject({
    'package.json': '{"name":"site","type":"module"}',
    'src/hero.image.yaml': 'prompt: A hero\nsize: 16x16\n',
    'src/main.js': `export { default as hero } from './hero.image.yaml'`,
  })
  const src = path.join(root, 'src')
  const fake = createFakePipeline(path.join(root, '.store'))
  let resolved = 0
  const build = async () => {
    const config = await webpackConfig({
      root: src,
      async open(...given) {
        const pipeline = await fake.open(...given)
        return {
          ...pipeline,
          async resolveModule(file) {
            resolved++
            return pipeline.resolveModule(file)
          },
        }
      },
    })
    const cache = { type: 'filesystem' as const, cacheDirectory: path.join(root, '.cache') }
    await runCompiler(webpack({ ...config, cache }))
    const count = resolved
    resolved = 0
    return count
  }
  expect(await build()).toBe(1)
  expect(await build()).toBe(0)
  await writeFile(path.join(root, 'imagegen.config.json'), '{}')
  expect(await build()).toBe(1)
  await writeFile(path.join(src, 'imagegen.config.json'), '{}')
  expect(await build()).toBe(1)
  expect(await build()).toBe(0)
  await rm(path.join(src, 'imagegen.config.json'))
  expect(await build()).toBe(1)
})
