import type { Options } from './config/options.ts'
import { addImagegen } from './frameworks/next/with-imagegen.ts'

/** A configuration of Next.js as a function. */
export type NextConfigFunction<Config extends object> = (
  phase: string,
  context: { readonly defaultConfig: Config },
) => Config | Promise<Config>

/**
 * Makes Next.js take manifests, with Turbopack and with webpack.
 * @param config the configuration of Next.js, or a function that gives it
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
  config: NextConfigFunction<Config>,
  options?: Options,
): (phase: string, context: { readonly defaultConfig: Config }) => Promise<Config>
export function withImagegen<Config extends object>(config?: Config, options?: Options): Config
export function withImagegen<Config extends object>(
  config: Config | NextConfigFunction<Config> = {} as Config,
  options: Options = {},
): Config | NextConfigFunction<Config> {
  if (typeof config !== 'function') return addImagegen(config, options)
  return async (phase, context) => addImagegen(await config(phase, context), options)
}
