import type { UnpluginInstance } from 'unplugin'
import type { Options } from '../config/options.ts'
import { rolldownPlugin, rollupPlugin } from './rollup/rollup.ts'
import type { OpenPipeline } from './session/plugin-session.ts'
import { vitePlugin } from './vite/vite.ts'

type Unplugin = UnpluginInstance<Options | undefined, false>

/** Hosts that need no unplugin get the same plugin of the whole as of their own entries. */
export function withNativeHosts(unplugin: Unplugin, open: OpenPipeline): Unplugin {
  return {
    ...unplugin,
    vite: options => vitePlugin(options, open),
    rollup: options => rollupPlugin(options, open),
    rolldown: options => rolldownPlugin(options, open),
  }
}
