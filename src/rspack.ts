import { unplugin } from './index.ts'

/**
 * Rspack plugin.
 * @example
 * ```ts
 * // rspack.config.mjs
 * import imagegen from 'unplugin-imagegen/rspack'
 *
 * export default { plugins: [imagegen()] }
 * ```
 */
const plugin: typeof unplugin.rspack = unplugin.rspack
export default plugin
