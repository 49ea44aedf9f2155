import type { ResolvedConfig } from 'vite'
import { createLazy } from '../../system/lazy.ts'
import { shownText } from '../../text/shown-text.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import type { SharedDev } from './dev/shared-dev.ts'
import type { ViteDev } from './dev/vite-dev.ts'
import { createViteFixedAssets, type ViteFixedAssets } from './vite-fixed-assets.ts'
import { createViteConfigs, type HookPlace, type ViteConfigs } from './vite-modules.ts'
import type { ViteTests } from './vite-tests.ts'

/**
 * What one instance of the plugin holds. It may serve several configurations at once: a server that
 * restarts has a successor on the same instance before it is closed.
 */
export interface ViteInstance {
  readonly session: PluginSession
  readonly configs: ViteConfigs
  /** For all of its development servers. */
  share(): Promise<SharedDev>
  readonly devs: WeakMap<ResolvedConfig, ViteDev>
  readonly tests: WeakMap<ResolvedConfig, ViteTests>
  /** Ends following the files of a server's `imagegen.config.*`. */
  readonly followed: WeakMap<ResolvedConfig, () => void>
  /** Servers that bundle their pages and have begun to. */
  readonly bundled: WeakSet<ResolvedConfig>
  readonly fixedAssets: ViteFixedAssets
  /** A build that goes on watching. */
  isWatching: boolean
}

export function createViteInstance(session: PluginSession): ViteInstance {
  return {
    session,
    configs: createViteConfigs(),
    share: createLazy(async () => (await import('./dev/shared-dev.ts')).createSharedDev()),
    devs: new WeakMap(),
    tests: new WeakMap(),
    followed: new WeakMap(),
    bundled: new WeakSet(),
    fixedAssets: createViteFixedAssets(),
    isWatching: false,
  }
}

/** The development server that a hook belongs to. */
export function devOf({ configs, devs }: ViteInstance, place: HookPlace): ViteDev | undefined {
  const config = configs.of(place)
  return config && devs.get(config)
}

/** Ends a build or a server with its last hook. */
export async function endHost(
  { session, configs, devs, followed }: ViteInstance,
  place: HookPlace & { warn(message: string): void },
): Promise<void> {
  const config = configs.end(place)
  if (config) followed.get(config)?.()
  const isBusy = (config && devs.get(config)?.close()) ?? false
  const ending = session.end()
  // A server stops without waiting for pictures; the journal knows the requests that were sent.
  if (isBusy) ending.catch((error: Error) => place.warn(shownText(error.message)))
  else await ending
}

/** Whether a module is loaded for browsers; Vite 5 says only whether it is loaded for a server. */
export function isForPages(
  { environment }: { readonly environment?: { readonly config: { readonly consumer: string } } },
  options: { readonly ssr?: boolean | undefined } | undefined,
): boolean {
  return environment ? environment.config.consumer === 'client' : !options?.ssr
}
