import type { Options } from './config/options.ts'
import { addToVitePress } from './frameworks/vitepress/add-to-vitepress.ts'
import vite from './vite.ts'

/**
 * Makes VitePress take manifests, in components and in Markdown.
 * @param config the configuration of VitePress
 * @example
 * ```ts
 * // .vitepress/config.ts
 * import { withImagegen } from 'unplugin-imagegen/vitepress'
 * import { defineConfig } from 'vitepress'
 *
 * export default withImagegen(defineConfig({ title: 'Harbour lights' }))
 * ```
 */
function withImagegen<Config extends object>(config: Config, options: Options = {}): Config {
  return addToVitePress(config, { options, createVitePlugin: vite })
}

// Other frameworks' entries have a function of this name, too.
export { withImagegen }
