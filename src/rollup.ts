import { unplugin } from './index.ts'

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
const plugin: typeof unplugin.rollup = unplugin.rollup
export default plugin
