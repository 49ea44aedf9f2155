import type { Options } from './config/options.ts'
import { addImagegen } from './frameworks/next/with-imagegen.ts'

/**
 * Makes Next.js take manifests, with Turbopack and with webpack.
 * @param config the configuration of Next.js
 * @param options plain values; whatever holds a function stands in `imagegen.config.ts`
 * @example
 * ```ts
 * // next.config.ts
 * import { withImagegen } from 'unplugin-imagegen/next'
 *
 * export default withImagegen({ output: 'export' })
 * ```
 */
export function withImagegen<Config extends object>(
  config: Config = {} as Config,
  options: Options = {},
): Config {
  return addImagegen(config, options)
}
