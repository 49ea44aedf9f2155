/** Names of configuration files, in the order in which they count. */
export const CONFIG_NAMES: readonly string[] = ['ts', 'mts', 'mjs', 'js', 'json'].map(
  extension => `imagegen.config.${extension}`,
)

/** Found as well, so that loading them says what to do instead of leaving them out in silence. */
export const COMMONJS_CONFIG_NAMES: readonly string[] = [
  'imagegen.config.cts',
  'imagegen.config.cjs',
]
