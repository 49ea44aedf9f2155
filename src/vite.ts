import { unplugin } from './index.ts'

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
const plugin: typeof unplugin.vite = unplugin.vite
export default plugin
