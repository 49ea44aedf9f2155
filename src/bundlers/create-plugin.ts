import type { UnpluginContextMeta, UnpluginOptions } from 'unplugin'
import type { Options } from '../config/options.ts'
import { esbuildHooks } from './esbuild/esbuild.ts'
import { farmHooks } from './farm.ts'
import { PLUGIN_NAME } from './native-plugin.ts'
import { rolldownHooks, rollupHooks } from './rollup/rollup.ts'
import { createPluginSession, type OpenPipeline } from './session/plugin-session.ts'
import { viteHooks } from './vite/vite.ts'
import { webpackHooks } from './webpack/webpack.ts'

/** The plugin of whichever host asks; the pipeline is opened by `open` at the first manifest. */
export function createPlugin(
  open: OpenPipeline,
): (options: Options | undefined, meta: UnpluginContextMeta) => UnpluginOptions {
  return (options = {}, { framework }) => {
    const session = createPluginSession(options, open, framework)
    const name = PLUGIN_NAME
    switch (framework) {
      case 'vite':
        return { name, enforce: 'pre', vite: viteHooks(session) }
      case 'rollup':
        return { name, rollup: rollupHooks(session) }
      case 'rolldown':
        return { name, rolldown: rolldownHooks(session) }
      case 'webpack':
      case 'rspack':
        return { name, ...webpackHooks(session) }
      case 'esbuild':
        return { name, esbuild: esbuildHooks(session) }
      case 'farm':
        return { name, ...farmHooks(session) }
      default:
        throw new Error(
          `unplugin-imagegen does not support ${framework}. Use it with Vite, Rollup, Rolldown, webpack, Rspack, esbuild or Farm.`,
        )
    }
  }
}
