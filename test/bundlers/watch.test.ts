import { readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { OpenPipeline } from '../../src/bundlers/session.ts'
import type { ImageAsset } from '../../src/module/image-asset.ts'
import { assertImage, importBuilt } from './assert-image.ts'
import { unpluginOf, VITES, webpackConfig } from './bundlers.ts'
import { createFakePipeline } from './fake-pipeline.ts'
import { writeProject } from './project.ts'

const manifest = (prompt: string) => `prompt: ${prompt}\nsize: 16x16\nreferences: [ref.bin]\n`

/** A watching build of `main.js` into `dist/`; `onBuilt` is told of every build's end. */
interface Watching {
  readonly root: string
  readonly open: OpenPipeline
  onBuilt(error?: Error): void
}
type Watch = (watching: Watching) => Promise<() => Promise<void>>

const input = (root: string) => path.join(root, 'main.js')
const output = (root: string) => ({ dir: path.join(root, 'dist'), format: 'es' as const })

const WATCHERS: Readonly<Record<string, Watch>> = {
  ...Object.fromEntries(
    Object.entries(VITES).map(([name, load]): [string, Watch] => [
      name,
      async ({ root, open, onBuilt }) => {
        const { build } = await load()
        const watcher = await build({
          root,
          base: './',
          configFile: false,
          logLevel: 'silent',
          plugins: [unpluginOf(open).vite()],
          build: {
            watch: {},
            rollupOptions: {
              input: input(root),
              preserveEntrySignatures: 'strict',
              output: { entryFileNames: 'main.js' },
            },
          },
        })
        if (!('on' in watcher)) throw new Error('Vite does not watch.')
        watcher.on('event', event => {
          if (event.code === 'END') onBuilt()
          if (event.code === 'ERROR') onBuilt(new Error(event.error.message))
        })
        return () => watcher.close()
      },
    ]),
  ),
  async rollup({ root, open, onBuilt }) {
    const { watch } = await import('rollup')
    const watcher = watch({
      input: input(root),
      output: output(root),
      plugins: [unpluginOf(open).rollup({ root })],
    })
    watcher.on('event', event => {
      if (event.code === 'END') onBuilt()
      if (event.code === 'ERROR') onBuilt(new Error(event.error.message))
    })
    return () => watcher.close()
  },
  async rolldown({ root, open, onBuilt }) {
    const { watch } = await import('rolldown')
    const watcher = watch({
      input: input(root),
      output: output(root),
      plugins: [unpluginOf(open).rolldown({ root })],
    })
    watcher.on('event', event => {
      if (event.code === 'END') onBuilt()
      if (event.code === 'ERROR') onBuilt(event.error)
    })
    return () => watcher.close()
  },
  async webpack({ root, open, onBuilt }) {
    const { default: webpack } = await import('webpack')
    const compiler = webpack({
      ...(await webpackConfig({ root, open })),
      mode: 'development',
      devtool: false,
    })
    compiler?.watch({}, (error, stats) => {
      onBuilt(error ?? (stats?.hasErrors() ? new Error(stats.toString('errors-only')) : undefined))
    })
    return () => new Promise(resolve => compiler?.close(() => resolve()))
  },
  async rspack({ root, open, onBuilt }) {
    const { rspack } = await import('@rspack/core')
    const compiler = rspack({
      context: root,
      mode: 'development',
      devtool: false,
      entry: './main.js',
      target: 'node',
      output: {
        path: path.join(root, 'dist'),
        filename: 'main.js',
        module: true,
        library: { type: 'module' },
      },
      plugins: [unpluginOf(open).rspack()],
    })
    compiler.watch({}, (error, stats) => {
      onBuilt(error ?? (stats?.hasErrors() ? new Error(stats.toString('errors-only')) : undefined))
    })
    return () => new Promise(resolve => compiler.close(() => resolve()))
  },
  async esbuild({ root, open, onBuilt }) {
    const { context } = await import('esbuild')
    const building = await context({
      absWorkingDir: root,
      entryPoints: ['main.js'],
      outdir: 'dist',
      bundle: true,
      format: 'esm',
      logLevel: 'silent',
      plugins: [
        unpluginOf(open).esbuild(),
        {
          name: 'told',
          setup: build =>
            build.onEnd(({ errors: [error] }) => onBuilt(error && new Error(error.text))),
        },
      ],
    })
    await building.watch()
    return () => building.dispose()
  },
}

for (const [name, watch] of Object.entries(WATCHERS)) {
  test(`${name} rebuilds after an edit of a manifest, a reference, the configuration, or none`, async () => {
    const root = await writeProject({
      'hero.image.yaml': manifest('First'),
      'ref.bin': 'first',
      'imagegen.config.json': '{}',
      'main.js': `import hero from './hero.image.yaml'; export { hero }; export const edit = 0`,
    })
    const pipeline = createFakePipeline(path.join(root, '.store'))
    const errors: Error[] = []
    let builds = 0
    const stop = await watch({
      root,
      open: pipeline.open,
      onBuilt: error => {
        builds += 1
        if (error) errors.push(error)
      },
    })
    onTestFinished(stop)
    const dist = path.join(root, 'dist')
    const built = async () => importBuilt(path.join(dist, 'main.js')).catch(() => ({}) as never)
    const src = async () => ((await built()).hero as ImageAsset | undefined)?.src
    const change = async (file: string, content: string) => {
      const before = await src()
      await writeFile(path.join(root, file), content)
      await expect.poll(async () => (await src()) ?? before, { timeout: 20_000 }).not.toBe(before)
      // One change may be built twice, and what the second build writes is half there for a moment.
      await vi.waitFor(async () => assertImage((await built()).hero, dist), { timeout: 20_000 })
    }

    await expect.poll(src, { timeout: 20_000 }).toBeDefined()
    await change('hero.image.yaml', manifest('Second'))
    await change('ref.bin', 'second')

    await writeFile(path.join(root, 'hero.image.yaml'), 'prompt: ""\n')
    // The last one: a host may have read the file while it was being written, when it was empty.
    await expect.poll(() => errors.at(-1)?.message, { timeout: 20_000 }).toContain('has no prompt')
    await change('hero.image.yaml', manifest('Third'))

    // What is not there is watched as well.
    await rm(path.join(root, 'ref.bin'))
    await expect.poll(() => errors.at(-1)?.message, { timeout: 20_000 }).toContain('ENOENT')
    await change('ref.bin', 'third')

    const before = builds
    await writeFile(path.join(root, 'imagegen.config.json'), '{ "mode": "frozen" }')
    await expect.poll(() => pipeline.opened, { timeout: 20_000 }).toBe(2)
    // A host that is still writing when its folder goes away may end for good.
    await expect.poll(() => builds, { timeout: 20_000 }).toBeGreaterThan(before)

    // The picture outlives a build that has nothing to do with it.
    for (const name of await readdir(dist)) {
      await rm(path.join(dist, name), { recursive: true, maxRetries: 10 })
    }
    const main = `import hero from './hero.image.yaml'; export { hero }; export const edit = 1`
    await writeFile(path.join(root, 'main.js'), main)
    await expect.poll(async () => (await built()).edit, { timeout: 20_000 }).toBe(1)

    await stop()
    expect(pipeline.opened).toBe(2)
    // Not every host waits for its plugins when it stops.
    await expect.poll(() => pipeline.closed).toBe(2)
  })
}
