import type { Plugin, ResolvedConfig } from 'vite'
import { installedVersion } from '../../project/framework-version.ts'
import { checkHost, rollupHost } from '../hosts/check-host.ts'
import { joinInstances } from '../manifests/instances.ts'
import { refuseInWorkers } from '../manifests/refuse-in-workers.ts'
import { toRollupError } from '../rollup-error.ts'
import { leaveHtmlAlone } from './leave-html-alone.ts'
import type { ViteList } from './urls/vite-list.ts'
import { followConfigFiles } from './vite-config-files.ts'
import { devOf, endHost, isForPages, type ViteInstance } from './vite-instance.ts'
import { isBundledServer } from './vite-modules.ts'
import { isTestRun } from './vitest-host.ts'

/**
 * Pages depend on no file of a cache, whose folders are hundreds: with 2,000 originals, watching
 * them takes longer than all else until the first page is there.
 */
const UNWATCHED = { ignored: ['**/.imagegen/**'] }

/** Hooks that begin, follow and end a build or a server. */
export function lifecycleHooks(instance: ViteInstance, list: ViteList): Partial<Plugin> {
  const { session, configs, share, devs, tests, followed, bundled } = instance
  let isInVite = false
  return {
    config({ base, build, server }, { command }) {
      // Consumers put a library's files wherever they like: its URLs are relative to its module.
      const isLibrary = command === 'build' && Boolean(build?.lib)
      return {
        worker: { plugins: () => [refuseInWorkers()] },
        ...(isLibrary && base === undefined && { base: './' }),
        // `null` turns watching off.
        ...(command === 'serve' && server?.watch !== null && { server: { watch: UNWATCHED } }),
      }
    },
    async configResolved(config) {
      isInVite = true
      checkHost('vite', { name: 'vite', version: viteVersion(this, config) })
      session.setRoot(config.root, config.configFile, config.mode)
      configs.add(config)
      leaveHtmlAlone(config)
      joinInstances(config, session)
      instance.isWatching = config.command === 'build' && Boolean(config.build.watch)
      // Builds load neither.
      if (isTestRun(config)) {
        const { createViteTests } = await import('./vite-tests.ts')
        tests.set(config, createViteTests(session))
      } else if (config.command === 'serve') {
        const { createViteDev } = await import('./dev/vite-dev.ts')
        devs.set(config, createViteDev({ session, config, share: await share() }))
      }
    },
    async configureServer(server) {
      tests.get(server.config)?.serve(server)
      const behindVites = devs.get(server.config)?.serve(server)
      followed.set(server.config, await followConfigFiles(session, server))
      return behindVites
    },
    async buildStart() {
      if (!isInVite) checkHost('vite', rollupHost(this.meta))
      instance.fixedAssets.begin(this)
      if (!instance.isWatching) {
        const config = configs.of(this)
        if (isBundledServer(config)) {
          if (isForPages(this, undefined)) devs.get(config)?.bundling(true)
          if (bundled.has(config)) return
          bundled.add(config)
        }
        session.begin()
      }
      try {
        await list.begin(this)
      } catch (error) {
        this.error(toRollupError(error, configs.of(this)?.root ?? ''))
      }
    },
    watchChange: () => session.recheckConfig(),
    hotUpdate({ type, modules }) {
      // Vite has to tell the importers of a manifest that is gone.
      return type === 'delete' ? undefined : devOf(instance, this)?.hotUpdate(modules)
    },
    // Vite 5; later versions call the hook above instead.
    handleHotUpdate({ server, modules }) {
      return devs.get(server.config)?.hotUpdate(modules)
    },
    async buildEnd() {
      const cost = session.takeCost()
      if (cost !== undefined) this.info(cost)
      const isOver = !instance.isWatching && !isBundledServer(configs.of(this))
      if (isOver) await endHost(instance, this)
    },
    async closeBundle() {
      const config = configs.of(this)
      if (isBundledServer(config) && bundled.delete(config)) await endHost(instance, this)
    },
    closeWatcher: () => session.end(),
  }
}

/**
 * Vite tells its version from 7 on. Before, one that has environments is new enough; the one before
 * that is the project's, unless a framework brings its own.
 */
function viteVersion(context: unknown, config: ResolvedConfig): string | undefined {
  const { root } = config
  const { meta } = Object(context)
  if (typeof meta?.viteVersion === 'string') return meta.viteVersion
  if ('environments' in config || 'vitepress' in config) return undefined
  return installedVersion(root, 'vite')
}
