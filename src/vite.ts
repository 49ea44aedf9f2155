import './system/check-node.ts'
import { vitePlugin } from './bundlers/vite/vite.ts'
import type { unplugin } from './index.ts'

/**
 * Vite plugin.
 * @example
 * ```ts
 * // vite.config.ts
 * import imagegen from 'unplugin-imagegen/vite'
 *
 * export default { plugins: [imagegen()] }
 * ```
 */
const plugin: typeof unplugin.vite = options => vitePlugin(options)
export default plugin
