import type { Plugin, ResolvedConfig } from 'vite'
import { type AssetServer, createAssetServer } from '../dev/asset-server.ts'
import { createEmittedAssets, type EmittedAssets } from './emitted-assets.ts'
import { loadManifest } from './load-manifest.ts'
import { MANIFEST_ID, MODULE_ID, stripQuery } from './manifest-id.ts'
import { resolveManifest } from './resolve-manifest.ts'
import { toRollupError } from './rollup-error.ts'
import type { Session } from './session.ts'

/**
 * Vite's hooks. In a build files are emitted, and their URLs are left to Vite, which knows `base`
 * and `renderBuiltUrl`; the development server gets them from a middleware.
 */
export function viteHooks(session: Session): Partial<Plugin> {
  let server: AssetServer | undefined
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
      session.setRoot(config.root)
      watching = config.command === 'build' && Boolean(config.build.watch)
      if (config.command === 'serve') server = createAssetServer(urlPrefix(config))
    },
    configureServer({ middlewares }) {
      if (server) middlewares.use(server.middleware)
    },
    buildStart() {
      assetsOf(this.environment.name).reset()
      if (!watching) session.begin()
    },
    resolveId: {
      order: 'pre',
      filter: { id: MANIFEST_ID },
      handler(source, importer) {
        return resolveManifest(this, session, source, importer)
      },
    },
    load: {
      order: 'pre',
      filter: { id: MODULE_ID },
      async handler(id) {
        const file = stripQuery(id)
        const assets = assetsOf(this.environment.name)
        const asUrl = fileUrlSupport(this.meta)
        try {
          const code = await loadManifest(session, file, {
            addWatchFile: watched => this.addWatchFile(watched),
            warn: message => this.warn(message),
            urlOf: async asset =>
              server ? JSON.stringify(server.add(asset)) : asUrl(await assets.emit(this, asset)),
          })
          return { code, moduleType: 'js', map: { mappings: '' } }
        } catch (error) {
          return this.error(toRollupError(error, file))
        }
      },
    },
    async buildEnd() {
      if (!watching) await session.end()
    },
    closeWatcher: () => session.end(),
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

/** Where the development server's own files are, `base` and `server.origin` included. */
function urlPrefix({ base, server }: ResolvedConfig): { base: string; origin: string } {
  return { base, origin: server.origin ?? '' }
}
