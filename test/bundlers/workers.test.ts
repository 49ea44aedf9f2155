import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import vm from 'node:vm'
import type { Plugin } from 'vite'
import { expect, test } from 'vitest'
import { assertImage } from './assert-image.ts'
import { runCompiler, unpluginOf, VITES, webpackConfig } from './bundlers.ts'
import { SITE, writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

const FILES = {
  'site.image.yaml': SITE,
  'worker.js': `import { hero } from './site.image.yaml'; postMessage(hero)`,
  'main.js': `import { heroNight } from './site.image.yaml'
globalThis.night = heroNight
globalThis.worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })`,
}

/** Runs the worker's script and returns what it sends. */
async function runWorker(dist: string): Promise<unknown> {
  const files = await readdir(dist, { recursive: true })
  const scripts = files.filter(file => file.endsWith('.js'))
  for (const script of scripts) {
    const code = await readFile(path.join(dist, script), 'utf8')
    if (!code.includes('postMessage')) continue
    const sent: unknown[] = []
    const self = { location: { href: `https://page.test/${script}` } }
    const scope = { postMessage: (value: unknown) => sent.push(value), self, URL }
    vm.runInNewContext(code, { ...scope, location: self.location })
    return sent[0]
  }
  throw new Error(`None of ${scripts.join(', ')} posts a message.`)
}

for (const [name, load] of Object.entries(VITES)) {
  const build = async (toWorkerPlugins: (plugin: Plugin, another: Plugin) => Plugin[]) => {
    const root = await writeSite(FILES)
    const { open } = createTestPipeline()
    const create = () => unpluginOf(open).vite() as Plugin
    const page = create()
    const vite = await load()
    await vite.build({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins: [page],
      worker: { plugins: () => toWorkerPlugins(page, create()) },
      build: { rollupOptions: { input: path.join(root, 'main.js') } },
    })
    return path.join(root, 'dist')
  }

  test(`${name} says how a worker gets the plugin`, async () => {
    await expect(build(() => [])).rejects.toThrow(
      /site\.image\.yaml is imported by a worker[\s\S]*worker: { plugins: \(\) => \[imagegen\(\)\] }/,
    )
  })

  test(`${name} builds a worker with an instance of its own`, async () => {
    const dist = await build((_, another) => [another])
    await assertImage(await runWorker(dist), dist, '/')
  })

  test(`${name} builds page and worker with one instance`, async () => {
    const dist = await build(page => [page])
    await assertImage(await runWorker(dist), dist, '/')
  })
}

test.each(['webpack', 'rspack'] as const)('%s builds workers as it does pages', async host => {
  const root = await writeSite(FILES)
  const { open } = createTestPipeline()
  const config = {
    context: root,
    mode: 'development',
    devtool: false,
    entry: './main.js',
    target: 'web',
    output: { path: path.join(root, 'dist'), filename: 'main.js', publicPath: '/' },
  } as const
  if (host === 'webpack') {
    const { default: webpack } = await import('webpack')
    const { plugins } = await webpackConfig({ root, open })
    await runCompiler(webpack({ ...config, ...(plugins && { plugins }) }))
  } else {
    const { rspack } = await import('@rspack/core')
    await runCompiler(rspack({ ...config, plugins: [unpluginOf(open).rspack()] }))
  }
  const dist = path.join(root, 'dist')
  await assertImage(await runWorker(dist), dist, '/')
})
