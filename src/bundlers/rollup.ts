import type { Plugin as RolldownPlugin } from 'rolldown'
import type { Plugin as RollupPlugin } from 'rollup'
import { createEmittedAssets } from './emitted-assets.ts'
import { loadManifest } from './load-manifest.ts'
import { MANIFEST_ID, MODULE_ID, stripQuery } from './manifest-id.ts'
import { resolveManifest } from './resolve-manifest.ts'
import { toRollupError } from './rollup-error.ts'
import type { Session } from './session.ts'

/** Rollup's hooks: it emits, names and drops assets by itself. */
export function rollupHooks(session: Session): Partial<RollupPlugin> {
  const assets = createEmittedAssets(true)
  return {
    buildStart() {
      assets.reset()
      if (!this.meta.watchMode) session.begin()
    },
    watchChange: () => session.recheckConfig(),
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
        try {
          return await loadManifest(session, file, {
            addWatchFile: watched => this.addWatchFile(watched),
            warn: message => this.warn(message),
            urlOf: async (asset, read) =>
              `import.meta.ROLLUP_FILE_URL_${assets.emit(this, asset, await read())}`,
          })
        } catch (error) {
          return this.error(toRollupError(error, file))
        }
      },
    },
    async buildEnd() {
      if (!this.meta.watchMode) await session.end()
    },
    closeWatcher: () => session.end(),
  }
}

/** Rolldown's hooks: as Rollup's, but what no code refers to has to be dropped by us. */
export function rolldownHooks(session: Session): Partial<RolldownPlugin> {
  const assets = createEmittedAssets(false)
  return {
    buildStart() {
      assets.reset()
      if (!this.meta.watchMode) session.begin()
    },
    watchChange: () => session.recheckConfig(),
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
        try {
          const code = await loadManifest(session, file, {
            addWatchFile: watched => this.addWatchFile(watched),
            warn: message => this.warn(message),
            urlOf: async (asset, read) =>
              `import.meta.ROLLUP_FILE_URL_${assets.emit(this, asset, await read())}`,
          })
          return { code, moduleType: 'js' }
        } catch (error) {
          return this.error(toRollupError(error, file))
        }
      },
    },
    async buildEnd() {
      if (!this.meta.watchMode) await session.end()
    },
    generateBundle(_options, bundle) {
      assets.prune(reference => this.getFileName(reference), bundle)
    },
    closeWatcher: () => session.end(),
  }
}
