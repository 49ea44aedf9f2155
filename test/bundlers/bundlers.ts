import path from 'node:path'
import type { Compiler as RspackCompiler, RspackOptions } from '@rspack/core'
import { createUnplugin } from 'unplugin'
import type { InlineConfig, PluginOption } from 'vite'
import { vi } from 'vitest'
import type { Configuration, Compiler as WebpackCompiler } from 'webpack'
import { createPlugin } from '../../src/bundlers/create-plugin.ts'
import { withNativeHosts } from '../../src/bundlers/native-hosts.ts'
import type { OpenPipeline } from '../../src/bundlers/session/plugin-session.ts'
import type { Options } from '../../src/config/options.ts'

export interface BuildRequest {
  /** Folder with `main.js`, whose exports the test inspects. */
  readonly root: string
  readonly open: OpenPipeline
  readonly options?: Options
  /** Gives the plugin no root where the host has none of its own. */
  readonly withoutRoot?: boolean
  /** Further instances of the plugin, behind the first. */
  readonly more?: readonly { readonly open: OpenPipeline; readonly options?: Options }[]
  /** Names of assets have no hash, where the host takes a pattern for them. */
  readonly plainNames?: boolean
  /** Where the host takes one. */
  readonly publicPath?: string
}

type UnpluginOf = ReturnType<typeof unpluginOf>

/** The instances that a request asks for, as plugins of one host. */
function pluginsOf<Plugin>(
  { open, options, more = [] }: BuildRequest,
  toPlugin: (unplugin: UnpluginOf, options: Options | undefined) => Plugin,
): Plugin[] {
  return [{ open, options }, ...more].map(instance =>
    toPlugin(unpluginOf(instance.open), instance.options),
  )
}

/** One host, ready to build `main.js` into `dist/`. */
export interface Bundler {
  readonly name: string
  /** Builds and returns the entry's path. Rejects when the build fails. */
  build(request: BuildRequest): Promise<string>
}

export const unpluginOf = (open: OpenPipeline) =>
  withNativeHosts(createUnplugin(createPlugin(open)), open)

export type ViteModule = Pick<typeof import('vite'), 'createBuilder' | 'build' | 'createServer'>

const patternOf = ({ plainNames }: BuildRequest) =>
  plainNames && { assetFileNames: '[name][extname]' }

export async function buildWithVite(
  load: () => Promise<ViteModule>,
  request: BuildRequest,
  config: InlineConfig = {},
  laterPlugins: readonly PluginOption[] = [],
): Promise<string> {
  const { root } = request
  const { build } = await load()
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    ...config,
    plugins: [
      ...(config.plugins ?? []),
      pluginsOf(request, (unplugin, options) => unplugin.vite(options)),
      ...laterPlugins,
    ],
    build: {
      minify: false,
      ...config.build,
      rollupOptions: {
        input: path.join(root, 'main.js'),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'main.js', ...patternOf(request) },
        ...config.build?.rollupOptions,
      },
    },
  })
  return path.join(root, 'dist/main.js')
}

export const VITES: Readonly<Record<string, () => Promise<ViteModule>>> = {
  vite8: () => import('vite'),
  // The older majors are other packages here. The functions used of them have not changed.
  vite7: () => import('vite7') as unknown as Promise<ViteModule>,
  vite6: () => import('vite6') as unknown as Promise<ViteModule>,
  vite5: () => import('vite5') as unknown as Promise<ViteModule>,
}

export async function webpackConfig(request: BuildRequest): Promise<Configuration> {
  const { root } = request
  return {
    context: root,
    mode: 'production',
    entry: './main.js',
    target: 'node',
    experiments: { outputModule: true },
    output: {
      path: path.join(root, 'dist'),
      filename: 'main.js',
      library: { type: 'module' },
    },
    plugins: pluginsOf(request, (unplugin, options) => unplugin.webpack(options)),
  }
}

export function rspackConfig(request: BuildRequest): RspackOptions {
  const { root } = request
  return {
    context: root,
    mode: 'production',
    entry: './main.js',
    target: 'node',
    output: {
      path: path.join(root, 'dist'),
      filename: 'main.js',
      module: true,
      library: { type: 'module' },
    },
    plugins: pluginsOf(request, (unplugin, options) => unplugin.rspack(options)),
  }
}

/** Runs a compiler of webpack or Rspack once; rejects with its errors. */
export async function runCompiler(
  compiler: WebpackCompiler | RspackCompiler | null,
): Promise<void> {
  if (!compiler) throw new Error('There is no compiler.')
  await new Promise<void>((resolve, reject) => {
    compiler.run((error, stats) => {
      compiler.close(closeError => {
        const failure = error ?? closeError
        if (failure) reject(failure)
        else if (stats?.hasErrors()) reject(new Error(stats.toString('errors-only')))
        else resolve()
      })
    })
  })
}

export const BUNDLERS: readonly Bundler[] = [
  ...Object.entries(VITES).map(([name, load]) => ({
    name,
    build: (request: BuildRequest) => buildWithVite(load, request, { base: './' }),
  })),
  {
    name: 'rollup',
    async build(request) {
      const { root, withoutRoot = false } = request
      const { rollup } = await import('rollup')
      const bundle = await rollup({
        input: path.join(root, 'main.js'),
        plugins: pluginsOf(request, (unplugin, options) =>
          unplugin.rollup({ ...(!withoutRoot && { root }), ...options }),
        ),
        onwarn(warning) {
          throw new Error(warning.message)
        },
      })
      const dir = path.join(root, 'dist')
      await bundle.write({ dir, format: 'es', ...patternOf(request) })
      await bundle.close()
      return path.join(root, 'dist/main.js')
    },
  },
  {
    name: 'rolldown',
    async build(request) {
      const { root, withoutRoot = false } = request
      const { rolldown } = await import('rolldown')
      const bundle = await rolldown({
        input: path.join(root, 'main.js'),
        plugins: pluginsOf(request, (unplugin, options) =>
          unplugin.rolldown({ ...(!withoutRoot && { root }), ...options }),
        ),
      })
      const dir = path.join(root, 'dist')
      await bundle.write({ dir, format: 'es', ...patternOf(request) })
      await bundle.close()
      return path.join(root, 'dist/main.js')
    },
  },
  {
    name: 'webpack',
    async build(request) {
      const { default: webpack } = await import('webpack')
      await runCompiler(webpack(await webpackConfig(request)))
      return path.join(request.root, 'dist/main.js')
    },
  },
  {
    name: 'rspack',
    async build(request) {
      const { rspack } = await import('@rspack/core')
      await runCompiler(rspack(rspackConfig(request)))
      return path.join(request.root, 'dist/main.js')
    },
  },
  {
    name: 'esbuild',
    async build(request) {
      const { root } = request
      const { build } = await import('esbuild')
      await build({
        absWorkingDir: root,
        entryPoints: ['main.js'],
        outdir: 'dist',
        bundle: true,
        format: 'esm',
        logLevel: 'silent',
        ...(request.plainNames && { assetNames: '[name]' }),
        plugins: pluginsOf(request, (unplugin, options) => unplugin.esbuild(options)),
      })
      return path.join(root, 'dist/main.js')
    },
  },
  {
    name: 'farm',
    async build(request) {
      const { root, publicPath } = request
      const { build } = await import('@farmfe/core')
      // Farm prints errors and ends the process.
      const printed = vi.spyOn(console, 'error').mockReturnValue()
      vi.spyOn(console, 'log').mockReturnValue()
      try {
        await build({
          root,
          clearScreen: false,
          compilation: {
            input: { main: './main.js' },
            output: {
              path: 'dist',
              targetEnv: 'library-node',
              format: 'esm',
              entryFilename: 'main.js',
              ...(publicPath !== undefined && { publicPath }),
            },
          },
          plugins: pluginsOf(request, (unplugin, options) => unplugin.farm(options)),
        })
      } catch (cause) {
        throw new Error(printed.mock.calls.flat().join('\n'), { cause })
      } finally {
        vi.restoreAllMocks()
      }
      return path.join(root, 'dist/main.js')
    },
  },
]
