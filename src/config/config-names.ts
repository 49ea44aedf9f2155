/** Names of configuration files, in the order in which they count. */
export const CONFIG_NAMES: readonly string[] = ['ts', 'mts', 'mjs', 'js', 'json'].map(
  extension => `imagegen.config.${extension}`,
)
