import type { UnpluginOptions } from 'unplugin'
import type { Compiler as WebpackCompiler } from 'webpack'
import { hashedAssetName } from '../../module/asset-name.ts'
import { shownText } from '../../text/shown-text.ts'
import { guardCompilation } from '../guard/guard-compilation.ts'
import { loadManifest } from '../load-manifest.ts'
import { joinInstances, takesManifest } from '../manifests/instances.ts'
import { MANIFEST_ID, PUBLISHING_QUERY, RAW_QUERY, stripQuery } from '../manifests/manifest-id.ts'
import { MISNAMED_ID, refuseMisnamed } from '../manifests/refuse-misnamed.ts'
import { refuseQuery, refuseUrl } from '../manifests/refuse-reference.ts'
import { plainError } from '../session/plain-error.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import { deferWebpackDev } from './defer-webpack-dev.ts'
import { refuseNext } from './refuse-next.ts'
import { assetFolder, assetInfoOf, dropUnusedAssets, emittedNameOf } from './webpack-assets.ts'
import type { WebpackDev } from './webpack-dev.ts'
import { createWebpackList } from './webpack-list.ts'
import { resolveWebpackUrls } from './webpack-urls.ts'

const PLUGIN = 'unplugin-imagegen'

/** Type of the modules that a URL refers to: `new URL()`, `url()` in CSS. */
const URL_TYPE = 'asset/resource'

/** The loader context's `emitFile`, which webpack and Rspack keep with the module. */
type EmitFile = (name: string, bytes: Buffer, map: undefined, info: Record<string, unknown>) => void

/**
 * Hooks for webpack and Rspack. Manifests stay real files there, since virtual ones break the
 * persistent cache and watching; files are emitted by the loader, which the cache remembers.
 */
export function webpackHooks(session: PluginSession): Partial<UnpluginOptions> {
  const devs = new WeakMap<object, WebpackDev>()
  const apply = (compiler: WebpackCompiler, framework: 'webpack' | 'rspack'): void => {
    const dev = deferWebpackDev(session, compiler)
    devs.set(compiler, dev)
    applyToCompiler(session, compiler, dev)
    resolveWebpackUrls(compiler, {
      session,
      dev,
      folder: () => assetFolder(compiler.options.output.assetModuleFilename),
      nameOf: fileName => emittedNameOf(fileName, framework),
    })
  }
  return {
    // Last among the loaders, to replace the output of a YAML loader.
    enforce: 'post',
    load: {
      filter: { id: [MANIFEST_ID, MISNAMED_ID] },
      async handler(id) {
        if (RAW_QUERY.test(id)) return null
        const file = session.locate(stripQuery(id))
        const native = this.getNativeBuildContext?.()
        if (native?.framework !== 'webpack' && native?.framework !== 'rspack') return null
        const { loaderContext, framework } = native
        if (!loaderContext) return null
        if (MISNAMED_ID.test(id)) {
          // Rules may make it JSON or a file.
          if (!loaderContext._module?.type.startsWith('javascript/')) return null
          const others = loaderContext.loaders.slice(1).map(({ path }) => path)
          await refuseMisnamed({ file, others })
          return null
        }
        const emitFile: EmitFile = (name, ...given) =>
          loaderContext.emitFile(emittedNameOf(name, framework), ...given)
        if (PUBLISHING_QUERY.test(id)) throw refuseQuery(id)
        if (loaderContext._module?.type === URL_TYPE) throw refuseUrl(file)
        const specifiers = specifiersOf(loaderContext._module)
        if (!(await takesManifest(native.compiler.root, session, { file, specifiers }))) return null
        const dev = devs.get(native.compiler)
        // A page that takes hot updates gets drafts now and pictures later.
        if (dev && 'hot' in loaderContext && loaderContext.hot) {
          return dev
            .load(file, {
              folder: assetFolder(native.compiler.options.output.assetModuleFilename),
              addWatchFile: watched => this.addWatchFile(watched),
              emitFile: (name, bytes) => emitFile(name, bytes, undefined, {}),
              dontCache: () => loaderContext.cacheable(false),
            })
            .catch(error => {
              throw plainError(error)
            })
        }
        // A stand-in must not outlive the build in a persistent cache.
        if ((await session.mode()) === 'draft') loaderContext.cacheable(false)
        const folder = assetFolder(native.compiler.options.output.assetModuleFilename)
        return loadManifest(session, file, {
          addWatchFile: watched => this.addWatchFile(watched),
          addMissingFile: missing => loaderContext.addMissingDependency(missing),
          warn: message => this.warn(message),
          async urlOf(asset, read, exportNames) {
            const name = asset.fixedName ?? folder + hashedAssetName(asset)
            const info = asset.fixedName ? {} : assetInfoOf(exportNames)
            emitFile(name, await read(), undefined, info)
            return `__webpack_public_path__ + ${JSON.stringify(name)}`
          },
        })
      },
    },
    webpack: compiler => apply(compiler, 'webpack'),
    // Rspack's compiler has the same hooks; its types differ only where nothing here uses them.
    rspack: compiler => apply(compiler as unknown as WebpackCompiler, 'rspack'),
  }
}

function applyToCompiler(session: PluginSession, compiler: WebpackCompiler, dev: WebpackDev): void {
  refuseNext(compiler)
  session.setRoot(compiler.context, undefined, compiler.options.mode)
  joinInstances(compiler, session)
  // After everybody's rules: one that makes all YAML JSON or text is not meant for our modules.
  const ours = { test: MANIFEST_ID, resourceQuery: { not: [RAW_QUERY] } }
  compiler.options.module.rules.push(
    { ...ours, type: 'javascript/auto', sideEffects: false },
    { ...ours, dependency: 'url', type: URL_TYPE },
  )

  compiler.hooks.beforeRun.tap(PLUGIN, () => session.begin())
  compiler.hooks.watchRun.tap(PLUGIN, () => session.recheckConfig())
  compiler.hooks.done.tapPromise(PLUGIN, async () => {
    const cost = session.takeCost()
    if (cost !== undefined) compiler.getInfrastructureLogger(PLUGIN).info(cost)
    if (!compiler.watchMode) await session.end()
  })
  compiler.hooks.shutdown.tapPromise(PLUGIN, async () => {
    const isBusy = dev.close()
    const ending = session.end()
    // A server stops without waiting for pictures; the journal knows the requests that were sent.
    if (isBusy)
      ending.catch(error => compiler.getInfrastructureLogger(PLUGIN).warn(shownText(error.message)))
    else await ending
  })

  const list = createWebpackList(session, compiler)
  compiler.hooks.make.tapPromise(PLUGIN, compilation =>
    // Rspack prints nothing of an error that a hook throws.
    list.begin(compilation).catch(error => {
      compilation.errors.push(error)
    }),
  )
  compiler.hooks.thisCompilation.tap(PLUGIN, compilation => {
    // After minification, which drops unused code, and before files are listed or compressed.
    const stage = compiler.webpack.Compilation.PROCESS_ASSETS_STAGE_SUMMARIZE
    compilation.hooks.processAssets.tapPromise({ name: PLUGIN, stage }, async () => {
      dropUnusedAssets(compilation)
      await list.emit(compilation)
    })
    // After all plugins that copy, inline or write pages.
    const last = compiler.webpack.Compilation.PROCESS_ASSETS_STAGE_ANALYSE
    compilation.hooks.processAssets.tapPromise({ name: PLUGIN, stage: last }, () =>
      guardCompilation(session, compilation).catch(error => {
        compilation.errors.push(error)
      }),
    )
  })
}

/** What code imports a module by; webpack tells it of modules that it loads itself. */
function specifiersOf(module: object | undefined): readonly string[] {
  return module && 'rawRequest' in module && typeof module.rawRequest === 'string'
    ? [module.rawRequest]
    : []
}
