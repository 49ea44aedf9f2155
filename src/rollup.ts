import './system/check-node.ts'
import { rollupPlugin } from './bundlers/rollup/rollup.ts'
import type { unplugin } from './index.ts'

/**
 * Rollup plugin.
 * @example
 * ```ts
 * // rollup.config.js
 * import imagegen from 'unplugin-imagegen/rollup'
 *
 * export default { plugins: [imagegen()] }
 * ```
 */
const plugin: typeof unplugin.rollup = options => rollupPlugin(options)
export default plugin
