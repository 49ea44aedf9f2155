import type { PluginOption } from 'vite'
import { PUBLIC_FOLDER } from '../../bundlers/vite/vite-fixed-assets.ts'
import type { Options } from '../../config/options.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { checkVersion, type Framework } from '../../project/framework-version.ts'
import { shownText } from '../../text/shown-text.ts'
import type { PreparedTypes } from '../prepare-types.ts'
import { refuseSecondPlugin } from '../refuse-second-plugin.ts'
import { addTypes, type NuxtTypes } from './nuxt-types.ts'
import { type NitroSettings, refuseInNitro } from './refuse-in-nitro.ts'

const NUXT: Framework = { name: 'Nuxt', packageName: 'nuxt', oldest: 4, newest: 4 }

/** The component that pages use without an import. */
const COMPONENT = 'ImagegenPicture'

/** As much of a Nuxt instance as is used. */
export interface Nuxt {
  readonly _version?: string
  readonly options: NuxtOptions
  hook(name: 'vite:extend', listener: (context: { readonly config: ViteSettings }) => void): unknown
  hook(name: 'components:extend', listener: (components: object[]) => void): unknown
  hook(name: 'prepare:types', listener: (types: NuxtTypes) => Promise<void>): unknown
  hook(name: 'nitro:config', listener: (config: NitroSettings) => void): unknown
}

export interface NuxtOptions {
  readonly rootDir: string
  /** Absolute path of `.nuxt`. */
  readonly buildDir: string
  readonly dev: boolean
  readonly builder: unknown
  readonly alias: Readonly<Record<string, string>>
  readonly app: { readonly baseURL: string; readonly buildAssetsDir: string }
  readonly devServerHandlers: object[]
  /** Options of this module. */
  readonly imagegen?: unknown
}

export interface ViteSettings {
  plugins?: unknown[]
}

/** A module as Nuxt takes it. */
export interface NuxtModule {
  (inline: Options | undefined, nuxt: Nuxt): Promise<void>
  getMeta(): Promise<{ readonly name: string; readonly configKey: string }>
}

export interface NuxtDeps {
  createVitePlugin(options: Options): PluginOption
  prepareTypes(options: Options, folder: string): Promise<PreparedTypes>
}

/**
 * The module: one plugin for all of Nuxt's servers, a component, exact types, the gallery at its
 * usual address, and a clear word where Nitro's own code imports a manifest. It needs nothing of
 * `@nuxt/kit`, which package managers do not always let it find.
 */
export function createNuxtModule({ createVitePlugin, prepareTypes }: NuxtDeps): NuxtModule {
  const setUp = async (inline: Options | undefined, nuxt: Nuxt): Promise<void> => {
    const options: Options = { ...Object(nuxt.options.imagegen), ...inline }
    const warning = checkVersion(NUXT, nuxt._version)
    if (warning !== undefined) process.emitWarning(warning)
    refuseOtherBuilders(nuxt.options.builder)
    // One instance for the pages and for what renders them.
    const plugin = createVitePlugin(options)
    nuxt.hook('vite:extend', ({ config }) => {
      refuseSecondPlugin(config.plugins, 'unplugin-imagegen/nuxt')
      config.plugins = [plugin, publicFolder(nuxt.options.app), ...(config.plugins ?? [])]
    })
    nuxt.hook('components:extend', components => components.push(component()))
    nuxt.hook('prepare:types', async types => {
      const written = await prepareTypes(options, nuxt.options.rootDir).catch((error: Error) => {
        process.emitWarning(`Types of images were not written: ${shownText(error.message)}`)
        return undefined
      })
      addTypes(types, nuxt.options, written)
    })
    nuxt.hook('nitro:config', config => refuseInNitro(config, nuxt.options.buildDir))
    if (nuxt.options.dev) nuxt.options.devServerHandlers.push(galleryRedirect(nuxt.options.app))
  }
  const getMeta = async () => ({ name: 'unplugin-imagegen', configKey: 'imagegen' })
  return Object.assign(setUp, { getMeta })
}

function refuseOtherBuilders(builder: unknown): void {
  if (typeof builder !== 'string' || builder === 'vite' || builder.includes('vite-builder')) return
  throw new ConfigError(
    `unplugin-imagegen/nuxt needs Nuxt's builder for Vite; this project has ${shownText(builder)}. Use unplugin-imagegen/webpack or unplugin-imagegen/rspack among that builder's plugins instead.`,
  )
}

/** What `addComponent()` of `@nuxt/kit` makes. */
function component(): object {
  return {
    mode: 'all',
    pascalName: COMPONENT,
    kebabName: 'imagegen-picture',
    chunkName: 'components/imagegen-picture',
    shortPath: 'unplugin-imagegen/vue',
    filePath: 'unplugin-imagegen/vue',
    export: 'Picture',
    prefetch: false,
    preload: false,
    global: undefined,
    priority: 0,
  }
}

/** Nitro publishes the folder of built files only, so that files under fixed names lie there too. */
function publicFolder({ buildAssetsDir }: NuxtOptions['app']): object {
  const folder = buildAssetsDir.split('/').filter(Boolean).join('/')
  return { name: PUBLIC_FOLDER, api: { folder: folder && `${folder}/` } }
}

/** Vite's own middlewares stand below the folder of built files; people look for the gallery at the root. */
function galleryRedirect({ baseURL, buildAssetsDir }: NuxtOptions['app']): object {
  const folder = [baseURL, buildAssetsDir].flatMap(path => path.split('/')).filter(Boolean)
  const location = `/${[...folder, '__imagegen'].join('/')}/`
  return {
    route: '/__imagegen',
    handler: () => new Response(null, { status: 302, headers: { location } }),
  }
}
