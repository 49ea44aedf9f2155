import { unplugin } from './index.ts'

/**
 * esbuild plugin.
 * @example
 * ```ts
 * // build.mjs
 * import { build } from 'esbuild'
 * import imagegen from 'unplugin-imagegen/esbuild'
 *
 * await build({ plugins: [imagegen()] })
 * ```
 */
const plugin: typeof unplugin.esbuild = unplugin.esbuild
export default plugin
