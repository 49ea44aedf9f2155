import type { Plugin } from 'vite'
import { createLateAssets } from '../assets/late-assets.ts'
import { withoutOurWaiting } from '../hosts/without-our-waiting.ts'
import { createNativePlugin, type NativePlugin, PLUGIN_NAME } from '../native-plugin.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import { createViteList } from './urls/vite-list.ts'
import { pageHooks } from './urls/vite-pages.ts'
import { urlHooks } from './urls/vite-urls.ts'
import { createViteInstance } from './vite-instance.ts'
import { lifecycleHooks } from './vite-lifecycle.ts'
import { loadHooks } from './vite-load.ts'
import { outputHooks } from './vite-output.ts'
import { bypassModuleCache, type VitestContext } from './vitest-host.ts'

interface ViteHooks extends Partial<Plugin> {
  configureVitest(context: VitestContext): void
}

/**
 * Vite's hooks. A build emits files, and leaves their URLs to Vite, which knows `base` and
 * `renderBuiltUrl`; the development server serves them from a middleware.
 */
export function viteHooks(session: PluginSession): ViteHooks {
  const instance = createViteInstance(session)
  const assets = createLateAssets(session.originalName)
  const list = createViteList(instance, assets)
  return {
    ...lifecycleHooks(instance, list),
    ...loadHooks(instance, assets),
    ...urlHooks(instance, assets),
    ...pageHooks(instance, assets),
    ...outputHooks(instance, assets, list),
    onLog: withoutOurWaiting,
    configureVitest: bypassModuleCache,
  }
}

/** The plugin for Vite. */
export const vitePlugin: NativePlugin<Plugin> = createNativePlugin('vite', session => ({
  name: PLUGIN_NAME,
  enforce: 'pre',
  ...viteHooks(session),
}))
