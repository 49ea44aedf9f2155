import type { Plugin } from 'vite'
import type { LateAssets } from '../assets/late-assets.ts'
import { createManifestClaims } from '../claim-manifests.ts'
import { loadManifest } from '../load-manifest.ts'
import {
  MANIFEST_ID,
  MODULE_ID,
  stripQuery,
  UNCLAIMED_ID,
  URL_ID,
} from '../manifests/manifest-id.ts'
import { declineMisnamed, MISNAMED_ID } from '../manifests/refuse-misnamed.ts'
import { toRollupError } from '../rollup-error.ts'
import { queryOf, renderUrlModule } from '../urls/load-picture-url.ts'
import { urlError } from '../urls/url-error.ts'
import { CLIENT_SPECIFIER, VITE_CLIENT_ID } from './dev/client-id.ts'
import { findPicture, toUrlExpression } from './urls/vite-picture.ts'
import { devOf, isForPages, type ViteInstance } from './vite-instance.ts'

/** Hooks that make modules of manifests: for pages of a server, for tests, for a build. */
export function loadHooks(instance: ViteInstance, assets: LateAssets): Partial<Plugin> {
  const { session, configs, tests } = instance
  const manifests = createManifestClaims(session)
  return {
    resolveId: {
      order: 'pre',
      filter: { id: [MANIFEST_ID, MISNAMED_ID, CLIENT_SPECIFIER] },
      handler(source, importer, options) {
        // The search for dependencies would read the manifest as the JavaScript that its id promises.
        if ('scan' in options && options.scan) return null
        const client = devOf(instance, this)?.resolveClient(source)
        if (client !== undefined) return client
        if (MISNAMED_ID.test(source)) {
          const others = configs.of(this)?.plugins.map(({ name }) => name) ?? []
          return declineMisnamed(this, source, { importer, others })
        }
        return manifests.resolve(this, source, importer)
      },
    },
    load: {
      order: 'pre',
      filter: { id: [MODULE_ID, URL_ID, UNCLAIMED_ID, CLIENT_SPECIFIER, VITE_CLIENT_ID] },
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
          const host = {
            addWatchFile: watch,
            addMissingFile: watch,
            warn: (message: string) => this.warn(message),
          }
          if (URL_ID.test(id)) {
            const query = await queryOf(session, file, id)
            const user = { id, isSwapped: true }
            const named = { config, manifest: file, query, user, host }
            const found = await findPicture(instance, named)
            const url = await toUrlExpression(instance, assets, this, found)
            if (typeof url !== 'string') throw await urlError(config?.root ?? '', file, id, url)
            const live = 'url' in found && !test ? `import ${JSON.stringify(file)}\n` : ''
            return { code: live + renderUrlModule(url), moduleType: 'js', map: { mappings: '' } }
          }
          if (test) return await test.load(file, watch)
          if (dev) return await dev.load(file, isForPages(this, options), watch)
          const code = await loadManifest(session, file, {
            ...host,
            urlOf: async (asset, read) => {
              const { fixedName } = asset
              if (fixedName === undefined) return assets.expressionOf(asset)
              const originalFileName = await session.originalName(asset.origin)
              const file = { fileName: fixedName, originalFileName, source: await read() }
              return instance.fixedAssets.emit(this, file)
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
