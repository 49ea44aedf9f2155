import { ConfigError } from '../../errors/config-error.ts'

/** Hosts by the names of their entries, as people write them. */
const HOSTS = {
  vite: 'Vite',
  rollup: 'Rollup',
  rolldown: 'Rolldown',
  webpack: 'webpack',
  rspack: 'Rspack',
  esbuild: 'esbuild',
  farm: 'Farm',
} as const

export type HostName = keyof typeof HOSTS

export const HOST_NAMES = Object.keys(HOSTS) as readonly HostName[]

/** What to import instead, where a host was given the plugin of another one. */
export function entryError(given: HostName, host: HostName): ConfigError {
  return new ConfigError(
    `${HOSTS[host]} was given the plugin for ${HOSTS[given]}. Import it from 'unplugin-imagegen/${host}' instead of 'unplugin-imagegen/${given}'.`,
  )
}

/** What to import where the package itself was used as a plugin. */
export function bareImportError(): ConfigError {
  const entries = HOST_NAMES.map(host => `unplugin-imagegen/${host}`).join(', ')
  return new ConfigError(
    `'unplugin-imagegen' is not a plugin by itself. Import the plugin of your bundler: ${entries}. Frameworks have entries of their own: unplugin-imagegen/astro, /nuxt, /next, /vitepress.`,
  )
}
