import type { UnpluginInstance } from 'unplugin'
import type { Options } from '../../config/options.ts'
import { checkHost, type RollupMeta, rollupHost, webpackHost } from './check-host.ts'
import { bareImportError, HOST_NAMES, type HostName } from './entry-error.ts'

type Unplugin = UnpluginInstance<Options | undefined, false>

/**
 * Makes the plugins of all hosts say so where another host was given one of them, and the whole where
 * it is used as a plugin itself.
 */
export function refuseOtherHosts(unplugin: Unplugin): Unplugin {
  const whole = (): never => {
    throw bareImportError()
  }
  // Each getter stays one: a plugin is made for the host that asks.
  Object.defineProperties(whole, Object.getOwnPropertyDescriptors(unplugin))
  Object.defineProperty(whole, 'buildStart', { value: whole })
  for (const name of HOST_NAMES) {
    Object.defineProperty(whole, name, {
      enumerable: true,
      get: () => (options: Options | undefined) => refuseOthers(unplugin[name](options), name),
    })
  }
  return whole as unknown as Unplugin
}

/**
 * Vite asks a plugin's `apply` whether to take it, webpack and Rspack call it with a compiler, and
 * Rollup and Rolldown ask all plugins to start.
 */
export function refuseOthers<Plugin extends object>(plugin: Plugin, entry: HostName): Plugin {
  const { apply: ownApply, buildStart } = plugin as {
    apply?: (compiler: object) => void
    buildStart?: unknown
  }
  // esbuild takes no properties that it does not know, but sees enumerable ones only.
  Object.defineProperty(plugin, 'apply', {
    configurable: true,
    writable: true,
    value(first: object, second?: object) {
      const host = webpackHost(first)
      if (host) checkHost(entry, host)
      else if (second && 'command' in second) checkHost(entry, { name: 'vite' })
      return ownApply ? ownApply.call(plugin, first) : true
    },
  })
  if (buildStart === undefined) {
    Object.defineProperty(plugin, 'buildStart', {
      value(this: { readonly meta: RollupMeta }) {
        checkHost(entry, rollupHost(this.meta))
      },
    })
  }
  return plugin
}
