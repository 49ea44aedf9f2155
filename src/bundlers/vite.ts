import path from 'node:path'
import type { Plugin, ResolvedConfig } from 'vite'
import { createEmittedAssets, type EmittedAssets } from './emitted-assets.ts'
import { loadManifest } from './load-manifest.ts'
import { MANIFEST_ID, MODULE_ID, stripQuery } from './manifest-id.ts'
import { resolveManifest } from './resolve-manifest.ts'
import { toRollupError } from './rollup-error.ts'
import type { Session } from './session.ts'
import { CLIENT_SPECIFIER, createViteDev, type ViteDev } from './vite-dev.ts'
import {
  bypassModuleCache,
  createViteTests,
  isTestRun,
  type VitestContext,
  type ViteTests,
} from './vite-tests.ts'

interface ViteHooks extends Partial<Plugin> {
  configureVitest(context: VitestContext): void
}

/**
 * Vite's hooks. In a build files are emitted, and their URLs are left to Vite, which knows `base`
 * and `renderBuiltUrl`; the development server gets them from a middleware.
 */
export function viteHooks(session: Session): ViteHooks {
  // A server that restarts has a successor on the same plugin instance before it is closed.
  const devs = new WeakMap<ResolvedConfig, ViteDev>()
  const tests = new WeakMap<ResolvedConfig, ViteTests>()
  let watching = false
  // Client and server builds may run side by side on one plugin instance.
  const environments = new Map<string, EmittedAssets>()
  const assetsOf = (environment: string) => {
    const assets = environments.get(environment) ?? createEmittedAssets(false)
    environments.set(environment, assets)
    return assets
  }

  return {
    configResolved(config) {
      session.setRoot(config.root, config.configFile)
      watching = config.command === 'build' && Boolean(config.build.watch)
      if (isTestRun(config)) tests.set(config, createViteTests(session))
      else if (config.command === 'serve') devs.set(config, createViteDev(session, config))
    },
    async configureServer(server) {
      devs.get(server.config)?.serve(server)
      // The server restarts when something changes that its own configuration depends on.
      const { present, missing } = await session.configFiles()
      const files = present === undefined ? missing : [...missing, present]
      server.config.configFileDependencies.push(
        ...files.map(file => file.split(path.sep).join('/')),
      )
      server.watcher.add([...files])
    },
    buildStart() {
      assetsOf(this.environment.name).reset()
      if (!watching) session.begin()
    },
    watchChange() {
      session.recheckConfig()
    },
    resolveId: {
      order: 'pre',
      filter: { id: [MANIFEST_ID, CLIENT_SPECIFIER] },
      handler(source, importer, options) {
        // The search for dependencies would read the manifest as the JavaScript that its id promises.
        if ('scan' in options && options.scan) return null
        const dev = devs.get(this.environment.getTopLevelConfig())
        return dev?.resolveClient(source) ?? resolveManifest(this, session, source, importer)
      },
    },
    load: {
      order: 'pre',
      filter: { id: [MODULE_ID, CLIENT_SPECIFIER] },
      async handler(id) {
        const dev = devs.get(this.environment.getTopLevelConfig())
        const client = await dev?.loadClient(id)
        if (client !== undefined) return client
        const file = stripQuery(id)
        const assets = assetsOf(this.environment.name)
        const asUrl = fileUrlSupport(this.meta)
        try {
          const watch = (watched: string) => this.addWatchFile(watched)
          const test = tests.get(this.environment.getTopLevelConfig())
          if (test) return await test.load(file, watch)
          if (dev) return await dev.load(file, this.environment, watch)
          const code = await loadManifest(session, file, {
            addWatchFile: watch,
            warn: message => this.warn(message),
            urlOf: async (asset, read) => asUrl(assets.emit(this, asset, await read())),
          })
          return { code, moduleType: 'js', map: { mappings: '' } }
        } catch (error) {
          return this.error(toRollupError(error, file))
        }
      },
    },
    hotUpdate({ modules }) {
      return devs.get(this.environment.getTopLevelConfig())?.hotUpdate(modules)
    },
    async buildEnd() {
      if (watching) return
      const isBusy = devs.get(this.environment.getTopLevelConfig())?.close() ?? false
      const ending = session.end()
      // A server that stops waits for nobody's picture; the journal knows what was sent.
      if (isBusy) ending.catch((error: Error) => this.warn(error.message))
      else await ending
    },
    closeWatcher: () => session.end(),
    configureVitest: bypassModuleCache,
    resolveFileUrl({ referenceId }) {
      assetsOf(this.environment.name).markReferenced(reference => reference === referenceId)
      return null
    },
    renderChunk: {
      // Before Vite puts URLs in the tokens' place.
      order: 'pre',
      handler(code) {
        assetsOf(this.environment.name).markReferenced(reference =>
          code.includes(assetToken(reference)),
        )
        return null
      },
    },
    generateBundle(_options, bundle) {
      assetsOf(this.environment.name).prune(reference => this.getFileName(reference), bundle)
    },
  }
}

/** `import.meta.ROLLUP_FILE_URL_…` ignores `base` before Vite 8.3; Vite's own token does not. */
function fileUrlSupport(meta: { readonly viteVersion?: string }): (reference: string) => string {
  const [major = 0, minor = 0] = (meta.viteVersion ?? '').split('.').map(Number)
  return major > 8 || (major === 8 && minor >= 3)
    ? reference => `import.meta.ROLLUP_FILE_URL_${reference}`
    : reference => `"${assetToken(reference)}"`
}

/** What Vite turns into an emitted asset's URL when it stands in double quotes. */
function assetToken(reference: string): string {
  return `__VITE_ASSET__${reference}__`
}
