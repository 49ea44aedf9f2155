import type { Plugin } from 'vite'
import { assetToken, type LateAssets } from '../assets/late-assets.ts'
import { loadManifest } from '../load-manifest.ts'
import { createManifestClaims } from '../manifests/claim-manifests.ts'
import { MANIFEST_ID, MODULE_ID, stripQuery, UNCLAIMED_ID } from '../manifests/manifest-id.ts'
import { toRollupError } from '../rollup-error.ts'
import { CLIENT_SPECIFIER, VITE_CLIENT_ID } from './dev/vite-dev.ts'
import { devOf, isForPages, type ViteInstance } from './vite-instance.ts'

/** Hooks that make modules of manifests: for pages of a server, for tests, for a build. */
export function loadHooks(instance: ViteInstance, assets: LateAssets): Partial<Plugin> {
  const { session, configs, tests } = instance
  const manifests = createManifestClaims(session)
  return {
    resolveId: {
      order: 'pre',
      filter: { id: [MANIFEST_ID, CLIENT_SPECIFIER] },
      handler(source, importer, options) {
        // The search for dependencies would read the manifest as the JavaScript that its id promises.
        if ('scan' in options && options.scan) return null
        const client = devOf(instance, this)?.resolveClient(source)
        if (client !== undefined) return client
        return manifests.resolve(this, source, importer)
      },
    },
    load: {
      order: 'pre',
      filter: { id: [MODULE_ID, UNCLAIMED_ID, CLIENT_SPECIFIER, VITE_CLIENT_ID] },
      async handler(id, options) {
        const dev = devOf(instance, this)
        const client = await dev?.loadClient(id)
        if (client !== undefined) return client
        const file = stripQuery(id)
        try {
          if (!(await manifests.claims(id))) return null
          const watch = (watched: string) => this.addWatchFile(watched)
          const config = configs.of(this)
          const test = config && tests.get(config)
          if (test) return await test.load(file, watch)
          if (dev) return await dev.load(file, isForPages(this, options), watch)
          const code = await loadManifest(session, file, {
            addWatchFile: watch,
            addMissingFile: watch,
            warn: message => this.warn(message),
            urlOf: async (asset, read) => {
              const { fixedName: fileName } = asset
              if (fileName === undefined) return assets.expressionOf(asset)
              const source = await read()
              return `"${assetToken(this.emitFile({ type: 'asset', source, fileName }))}"`
            },
          })
          return { code, moduleType: 'js', map: { mappings: '' } }
        } catch (error) {
          return this.error(toRollupError(error, file))
        }
      },
    },
  }
}
