import { unplugin } from './index.ts'

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
const plugin: typeof unplugin.rolldown = unplugin.rolldown
export default plugin
