import type { Plugin as RolldownPlugin } from 'rolldown'
import type { Plugin as RollupPlugin } from 'rollup'
import { createEmittedAssets, type EmitContext, type EmittedAssets } from './emitted-assets.ts'
import { loadManifest } from './load-manifest.ts'
import { MANIFEST_ID, MODULE_ID, stripQuery } from './manifest-id.ts'
import { type ResolveContext, resolveManifest } from './resolve-manifest.ts'
import { toRollupError } from './rollup-error.ts'
import type { Session } from './session.ts'

/** What Rollup's and Rolldown's hooks have in common, whose types differ where nothing else does. */
interface HookContext extends EmitContext, ResolveContext {
  readonly meta: { readonly watchMode: boolean }
  addWatchFile(file: string): void
  warn(message: string): void
  error(error: ReturnType<typeof toRollupError>): never
}

/** Rollup's hooks: it emits, names and drops assets by itself. */
export function rollupHooks(session: Session): Partial<RollupPlugin> {
  const assets = createEmittedAssets()
  const { resolveId, load, ...hooks } = commonHooks(session, assets)
  return {
    ...hooks,
    outputOptions: ({ assetFileNames, ...options }) => ({
      ...options,
      assetFileNames: assets.fileNamesWith(assetFileNames),
    }),
    resolveId: { order: 'pre', filter: { id: MANIFEST_ID }, handler: resolveId },
    load: { order: 'pre', filter: { id: MODULE_ID }, handler: load },
  }
}

/** Rolldown's hooks: as Rollup's, but what no code refers to has to be dropped by us. */
export function rolldownHooks(session: Session): Partial<RolldownPlugin> {
  const assets = createEmittedAssets()
  const { resolveId, load, ...hooks } = commonHooks(session, assets)
  return {
    ...hooks,
    outputOptions: ({ assetFileNames, ...options }) => ({
      ...options,
      assetFileNames: assets.fileNamesWith(assetFileNames),
    }),
    resolveId: { order: 'pre', filter: { id: MANIFEST_ID }, handler: resolveId },
    load: {
      order: 'pre',
      filter: { id: MODULE_ID },
      async handler(id) {
        return { code: await load.call(this, id), moduleType: 'js' }
      },
    },
    resolveFileUrl: {
      // Before somebody else answers.
      order: 'pre',
      handler({ fileName }) {
        assets.markReferenced(fileName)
        return null
      },
    },
    generateBundle: (_options, bundle) => assets.prune(bundle),
  }
}

function commonHooks(session: Session, assets: EmittedAssets) {
  return {
    buildStart(this: HookContext): void {
      if (!this.meta.watchMode) session.begin()
    },
    watchChange: () => session.recheckConfig(),
    resolveId(this: HookContext, source: string, importer: string | undefined) {
      return resolveManifest(this, session, source, importer)
    },
    async load(this: HookContext, id: string): Promise<string> {
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
    async buildEnd(this: HookContext): Promise<void> {
      if (!this.meta.watchMode) await session.end()
    },
    closeWatcher: () => session.end(),
  }
}
