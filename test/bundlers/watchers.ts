import path from 'node:path'
import type { OpenPipeline } from '../../src/bundlers/session/plugin-session.ts'
import { rspackConfig, unpluginOf, VITES, webpackConfig } from './bundlers.ts'

/** A watching build of `main.js` into `dist/`. `onBuilt` is called at the end of every build. */
export interface Watching {
  readonly root: string
  readonly open: OpenPipeline
  onBuilt(error?: Error): void
}
export type Watch = (watching: Watching) => Promise<() => Promise<void>>

const input = (root: string) => path.join(root, 'main.js')
const output = (root: string) => ({ dir: path.join(root, 'dist'), format: 'es' as const })

export const WATCHERS: Readonly<Record<string, Watch>> = {
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
      ...rspackConfig({ root, open }),
      mode: 'development',
      devtool: false,
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
