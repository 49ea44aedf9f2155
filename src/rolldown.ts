import './system/check-node.ts'
import { rolldownPlugin } from './bundlers/rollup/rollup.ts'
import type { unplugin } from './index.ts'

/**
 * Rolldown plugin.
 * @example
 * ```ts
 * // rolldown.config.js
 * import imagegen from 'unplugin-imagegen/rolldown'
 *
 * export default { plugins: [imagegen()] }
 * ```
 */
const plugin: typeof unplugin.rolldown = options => rolldownPlugin(options)
export default plugin
