import './system/check-node.ts'
import { createUnplugin, type UnpluginInstance } from 'unplugin'
import { createPlugin } from './bundlers/create-plugin.ts'
import { refuseOtherHosts } from './bundlers/hosts/refuse-other-hosts.ts'
import { readProcessVariable } from './config/environment.ts'
import type { Options } from './config/options.ts'

export type { Options } from './config/options.ts'
export type { ImageAsset } from './module/image-asset.ts'

/** The plugin for every bundler: `unplugin.vite()`, `unplugin.webpack()` … */
export const unplugin: UnpluginInstance<Options | undefined, false> = refuseOtherHosts(
  createUnplugin(
    createPlugin(async (options, start, host) => {
      // Loaded with the first manifest: a configuration that merely names the plugin stays quick.
      const { openForPlugin } = await import('./pipeline/open-pipeline.ts')
      return openForPlugin(options, { ...start, readVariable: readProcessVariable }, host)
    }),
  ),
)

/** Types `imagegen.config.ts`; gives back what it gets. */
export function defineConfig(options: Options): Options {
  return options
}

export default unplugin
