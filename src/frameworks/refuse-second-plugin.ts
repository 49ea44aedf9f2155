import { ConfigError } from '../errors/config-error.ts'

/**
 * Refuses a project that has the plugin twice: by a framework's entry and in the framework's own
 * configuration of Vite.
 * @param plugins of Vite, nested as Vite takes them
 * @param entry the framework's entry, which stays
 */
export function refuseSecondPlugin(plugins: unknown, entry: string): void {
  if (!Array.isArray(plugins)) return
  for (const plugin of plugins.flat(Number.POSITIVE_INFINITY)) {
    if (Object(plugin).name !== 'unplugin-imagegen') continue
    throw new ConfigError(
      `The imagegen plugin is set up twice: by ${entry} and among the plugins of Vite. ${entry} brings the plugin: remove the one of unplugin-imagegen/vite.`,
    )
  }
}
