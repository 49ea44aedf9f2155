import './system/check-node.ts'
import { createUnplugin, type UnpluginInstance } from 'unplugin'
import { createPlugin } from './bundlers/create-plugin.ts'
import { refuseOtherHosts } from './bundlers/hosts/refuse-other-hosts.ts'
import { withNativeHosts } from './bundlers/native-hosts.ts'
import { openForHost } from './bundlers/session/open-for-host.ts'
import type { Options } from './config/options.ts'

export type { Options } from './config/options.ts'
export type { ImageAsset } from './module/image-asset.ts'

/** The plugin for every bundler: `unplugin.vite()`, `unplugin.webpack()` … */
export const unplugin: UnpluginInstance<Options | undefined, false> = refuseOtherHosts(
  withNativeHosts(createUnplugin(createPlugin(openForHost)), openForHost),
)

/** Types `imagegen.config.ts`; gives back what it gets. */
export function defineConfig(options: Options): Options {
  return options
}

export default unplugin
