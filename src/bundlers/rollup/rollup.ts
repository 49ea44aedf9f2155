import type { Plugin as RolldownPlugin } from 'rolldown'
import type { Plugin as RollupPlugin } from 'rollup'
import { withoutDocs } from '../../module/render-types.ts'
import {
  createEmittedAssets,
  type EmitContext,
  type EmittedAssets,
} from '../assets/emitted-assets.ts'
import {
  createManifestClaims,
  type ImporterContext,
  type ManifestClaims,
} from '../claim-manifests.ts'
import { guardBundle } from '../guard/guard-bundle.ts'
import { checkHost, type RollupMeta, rollupHost } from '../hosts/check-host.ts'
import { withoutOurWaiting } from '../hosts/without-our-waiting.ts'
import { type HostContext, loadManifest, loadTypes } from '../load-manifest.ts'
import {
  MANIFEST_ID,
  MODULE_ID,
  stripQuery,
  TYPES_FILE,
  TYPES_ID,
  UNCLAIMED_ID,
  URL_ID,
} from '../manifests/manifest-id.ts'
import { declineMisnamed, MISNAMED_ID } from '../manifests/refuse-misnamed.ts'
import { createNativePlugin, type NativePlugin, PLUGIN_NAME } from '../native-plugin.ts'
import { toRollupError } from '../rollup-error.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import { loadPictureUrl } from '../urls/load-picture-url.ts'
import { createRollupList, type RollupList } from './rollup-list.ts'

/** What Rollup's and Rolldown's hooks have in common, whose types differ where nothing else does. */
interface HookContext extends EmitContext, ImporterContext {
  readonly meta: RollupMeta & { readonly watchMode: boolean }
  addWatchFile(file: string): void
  info(message: string): void
  warn(message: string): void
  error(error: ReturnType<typeof toRollupError>): never
}

/** As much of the options as tells of other plugins. */
interface StartOptions {
  readonly plugins?: readonly object[]
}

/** Ids that {@link createManifestClaims} gives out. */
const LOADED = [MODULE_ID, URL_ID, UNCLAIMED_ID]

/** Rollup's hooks: it emits, names and drops assets by itself. */
export function rollupHooks(session: PluginSession): Partial<RollupPlugin> {
  const assets = createEmittedAssets()
  const manifests = createManifestClaims(session)
  const list = createRollupList(session, assets)
  const host = 'rollup'
  const { resolveId, load, ...hooks } = commonHooks({ session, manifests, assets, list, host })
  return {
    ...hooks,
    outputOptions: ({ assetFileNames, ...options }) => ({
      ...options,
      assetFileNames: assets.fileNamesWith(assetFileNames),
    }),
    resolveId: { order: 'pre', filter: { id: [MANIFEST_ID, MISNAMED_ID] }, handler: resolveId },
    load: { order: 'pre', filter: { id: LOADED }, handler: load },
    generateBundle: {
      order: 'post',
      handler(options, bundle) {
        list.emitList(this, options)
        return guardBundle(session, bundle, {
          moduleIds: () => this.getModuleIds(),
          isOurs: ({ names }) => assets.areOurs(names),
        })
      },
    },
  }
}

/** Rolldown's hooks: as Rollup's, but we have to drop the files that no code refers to. */
export function rolldownHooks(session: PluginSession): Partial<RolldownPlugin> {
  const assets = createEmittedAssets()
  // tsdown bundles declarations beside the code, with the same plugins.
  const manifests = createManifestClaims(session, { loadsTypes: true })
  const list = createRollupList(session, assets)
  const host = 'rolldown'
  const { resolveId, load, ...hooks } = commonHooks({ session, manifests, assets, list, host })
  return {
    ...hooks,
    onLog: withoutOurWaiting,
    outputOptions: ({ assetFileNames, ...options }) => ({
      ...options,
      assetFileNames: assets.fileNamesWith(assetFileNames),
    }),
    resolveId: { order: 'pre', filter: { id: [MANIFEST_ID, MISNAMED_ID] }, handler: resolveId },
    load: {
      order: 'pre',
      filter: { id: [...LOADED, TYPES_ID] },
      async handler(id) {
        const code = await load.call(this, id)
        return code === null ? null : { code, moduleType: TYPES_ID.test(id) ? 'ts' : 'js' }
      },
    },
    transform: {
      // A resolver that goes by TypeScript's rules finds type files before we are asked.
      order: 'pre',
      filter: { id: TYPES_FILE },
      handler: code => ({ code: withoutDocs(code), map: null }),
    },
    resolveFileUrl: {
      // Before somebody else answers.
      order: 'pre',
      handler({ fileName }) {
        assets.markReferenced(fileName)
        return null
      },
    },
    generateBundle: {
      order: 'post',
      async handler(options, bundle) {
        list.emitList(this, options)
        assets.prune(bundle)
        await guardBundle(session, bundle, {
          moduleIds: () => this.getModuleIds(),
          isOurs: ({ names }) => assets.areOurs(names),
        })
      },
    },
  }
}

/** The plugin for Rollup. */
export const rollupPlugin: NativePlugin<RollupPlugin> = createNativePlugin('rollup', session => ({
  name: PLUGIN_NAME,
  ...rollupHooks(session),
}))

/** The plugin for Rolldown. */
export const rolldownPlugin: NativePlugin<RolldownPlugin> = createNativePlugin(
  'rolldown',
  session => ({ name: PLUGIN_NAME, ...rolldownHooks(session) }),
)

interface CommonDeps {
  readonly session: PluginSession
  readonly manifests: ManifestClaims
  readonly assets: EmittedAssets
  readonly list: RollupList
  readonly host: 'rollup' | 'rolldown'
}

function commonHooks({ session, manifests, assets, list, host }: CommonDeps) {
  let others: readonly string[] = []
  return {
    async buildStart(this: HookContext, { plugins = [] }: StartOptions): Promise<void> {
      others = plugins.map(plugin => ('name' in plugin ? String(plugin.name) : ''))
      checkHost(host, rollupHost(this.meta))
      assets.begin()
      if (!this.meta.watchMode) session.begin()
      try {
        await list.begin(hostOf(this))
      } catch (error) {
        this.error(toRollupError(error, ''))
      }
    },
    renderStart(this: HookContext, output: object): Promise<void> {
      return list.emitPictures(this, output)
    },
    watchChange: () => session.recheckConfig(),
    resolveId(this: HookContext, source: string, importer: string | undefined) {
      if (MISNAMED_ID.test(source)) return declineMisnamed(this, source, { importer, others })
      return manifests.resolve(this, source, importer)
    },
    async load(this: HookContext, id: string): Promise<string | null> {
      const file = stripQuery(id)
      try {
        if (!(await manifests.claims(id))) return null
        const host = hostOf(this)
        if (TYPES_ID.test(id)) return await loadTypes(session, file, host)
        const urlOf: HostContext['urlOf'] = async (asset, read) => {
          const originalFileName = await session.originalName(asset.origin)
          const file = { file: asset, originalFileName, source: await read() }
          return `import.meta.ROLLUP_FILE_URL_${assets.emit(this, file)}`
        }
        if (URL_ID.test(id)) return await loadPictureUrl(session, file, id, { ...host, urlOf })
        return await loadManifest(session, file, { ...host, urlOf })
      } catch (error) {
        return this.error(toRollupError(error, file))
      }
    },
    async buildEnd(this: HookContext): Promise<void> {
      const cost = session.takeCost()
      if (cost !== undefined) this.info(cost)
      if (!this.meta.watchMode) await session.end()
    },
    closeWatcher: () => session.end(),
  }
}

function hostOf(context: HookContext): Omit<HostContext, 'urlOf'> {
  return {
    addWatchFile: watched => context.addWatchFile(watched),
    addMissingFile: missing => context.addWatchFile(missing),
    warn: message => context.warn(message),
  }
}
