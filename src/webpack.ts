import { unplugin } from './index.ts'

/**
 * webpack plugin.
 * @example
 * ```ts
 * // webpack.config.mjs
 * import imagegen from 'unplugin-imagegen/webpack'
 *
 * export default { plugins: [imagegen()] }
 * ```
 */
const plugin: typeof unplugin.webpack = unplugin.webpack
export default plugin
