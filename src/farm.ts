import { unplugin } from './index.ts'

/**
 * Farm plugin.
 * @example
 * ```ts
 * // farm.config.ts
 * import imagegen from 'unplugin-imagegen/farm'
 *
 * export default { plugins: [imagegen()] }
 * ```
 */
const plugin: typeof unplugin.farm = unplugin.farm
export default plugin
