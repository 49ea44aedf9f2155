import type { Plugin, ResolvedConfig } from 'vite'
import { shownText } from '../../text/shown-text.ts'
import { assetToken, createLateAssets } from '../assets/late-assets.ts'
import { guardBundle } from '../guard/guard-bundle.ts'
import { guardPublicFolder } from '../guard/guard-public-folder.ts'
import { loadManifest } from '../load-manifest.ts'
import { createManifestClaims } from '../manifests/claim-manifests.ts'
import { findInCss, findInHtml } from '../manifests/find-manifest-urls.ts'
import { MANIFEST_ID, MODULE_ID, stripQuery, UNCLAIMED_ID } from '../manifests/manifest-id.ts'
import { refuseInWorkers } from '../manifests/refuse-in-workers.ts'
import { refuseUrl } from '../manifests/refuse-reference.ts'
import { toRollupError } from '../rollup-error.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import { CLIENT_SPECIFIER, createViteDev, type ViteDev } from './dev/vite-dev.ts'
import { followConfigFiles } from './vite-config-files.ts'
import { createViteConfigs, type HookPlace, isBundledServer } from './vite-modules.ts'
import {
  bypassModuleCache,
  createViteTests,
  isTestRun,
  type VitestContext,
  type ViteTests,
} from './vite-tests.ts'

/** Styles as Vite reads them, in components too. */
const STYLE = /\.(?:css|less|sass|scss|styl|stylus|pcss|postcss|sss)(?:$|\?)/

const NAMED_MANIFEST = /\.image\.ya?ml/

interface ViteHooks extends Partial<Plugin> {
  configureVitest(context: VitestContext): void
}

/**
 * Vite's hooks. In a build files are emitted, and their URLs are left to Vite, which knows `base`
 * and `renderBuiltUrl`; the development server gets them from a middleware.
 */
export function viteHooks(session: PluginSession): ViteHooks {
  // A server that restarts has a successor on the same plugin instance before it is closed.
  const devs = new WeakMap<ResolvedConfig, ViteDev>()
  const tests = new WeakMap<ResolvedConfig, ViteTests>()
  const followed = new WeakMap<ResolvedConfig, () => void>()
  const manifests = createManifestClaims(session)
  const configs = createViteConfigs()
  const devOf = (place: HookPlace): ViteDev | undefined => {
    const config = configs.of(place)
    return config && devs.get(config)
  }
  let watching = false
  const assets = createLateAssets()
  const bundled = new WeakSet<ResolvedConfig>()

  async function end(place: HookPlace & { warn(message: string): void }): Promise<void> {
    const config = configs.end(place)
    if (config) followed.get(config)?.()
    const isBusy = (config && devs.get(config)?.close()) ?? false
    const ending = session.end()
    // A server that stops waits for nobody's picture; the journal knows what was sent.
    if (isBusy) ending.catch((error: Error) => place.warn(shownText(error.message)))
    else await ending
  }

  return {
    config: () => ({ worker: { plugins: () => [refuseInWorkers()] } }),
    configResolved(config) {
      session.setRoot(config.root, config.configFile)
      configs.add(config)
      watching = config.command === 'build' && Boolean(config.build.watch)
      if (isTestRun(config)) tests.set(config, createViteTests(session))
      else if (config.command === 'serve') devs.set(config, createViteDev(session, config))
    },
    async configureServer(server) {
      const behindVites = devs.get(server.config)?.serve(server)
      followed.set(server.config, await followConfigFiles(session, server))
      return behindVites
    },
    buildStart() {
      if (watching) return
      const config = configs.of(this)
      if (isBundledServer(config)) {
        if (isForPages(this, undefined)) devs.get(config)?.bundling(true)
        if (bundled.has(config)) return
        bundled.add(config)
      }
      session.begin()
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
        const client = devOf(this)?.resolveClient(source)
        if (client !== undefined) return client
        return manifests.resolve(this, source, importer)
      },
    },
    load: {
      order: 'pre',
      filter: { id: [MODULE_ID, UNCLAIMED_ID, CLIENT_SPECIFIER] },
      async handler(id, options) {
        const dev = devOf(this)
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
              const { fixedName } = asset
              if (fixedName === undefined) return assets.expressionOf(asset)
              const source = await read()
              return `"${assetToken(this.emitFile({ type: 'asset', source, fileName: fixedName }))}"`
            },
          })
          return { code, moduleType: 'js', map: { mappings: '' } }
        } catch (error) {
          return this.error(toRollupError(error, file))
        }
      },
    },
    transform: {
      order: 'pre',
      filter: { id: STYLE, code: NAMED_MANIFEST },
      handler(code, id) {
        const url = STYLE.test(id) ? findInCss(code) : undefined
        if (url !== undefined) throw refuseUrl(url, id)
      },
    },
    transformIndexHtml: {
      order: 'pre',
      handler(html, { filename }) {
        const url = findInHtml(html)
        if (url !== undefined) throw refuseUrl(url, filename)
      },
    },
    hotUpdate({ type, modules }) {
      // What imports a manifest that is gone has to be told by Vite.
      return type === 'delete' ? undefined : devOf(this)?.hotUpdate(modules)
    },
    // Vite 5; later versions call the hook above instead.
    handleHotUpdate({ server, modules }) {
      return devs.get(server.config)?.hotUpdate(modules)
    },
    async buildEnd() {
      if (!watching && !isBundledServer(configs.of(this))) await end(this)
    },
    async closeBundle() {
      const config = configs.of(this)
      if (isBundledServer(config) && bundled.delete(config)) await end(this)
    },
    closeWatcher: () => session.end(),
    configureVitest: bypassModuleCache,
    renderStart: output => assets.begin(output),
    renderChunk: {
      // Before Vite puts URLs in the place of its own tokens.
      order: 'pre',
      async handler(code, _chunk, output) {
        const withTokens = await assets.emitReferenced(this, code, output)
        // Only lines of our own modules change.
        return withTokens === undefined ? null : { code: withTokens, map: null }
      },
    },
    generateBundle: {
      // After Vite has written its pages and styles.
      order: 'post',
      async handler(_options, bundle) {
        await guardBundle(session, bundle, () => this.getModuleIds())
        const config = configOf(this) ?? configs.of(this)
        if (config) await guardPublicFolder(session, config)
        devOf(this)?.bundling(false)
      },
    },
  }
}

/** An environment may have another output than the whole; Vite 5 has none. */
function configOf({
  environment,
}: {
  readonly environment?: { readonly config: ResolvedConfig }
}): ResolvedConfig | undefined {
  return environment?.config
}

/** Whether a module is loaded for browsers; Vite 5 says only whether it is loaded for a server. */
function isForPages(
  { environment }: { readonly environment?: { readonly config: { readonly consumer: string } } },
  options: { readonly ssr?: boolean | undefined } | undefined,
): boolean {
  return environment ? environment.config.consumer === 'client' : !options?.ssr
}
