import { fileURLToPath } from 'node:url'
import type { Plugin, PluginOption } from 'vite'
import type { Options } from '../../config/options.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { checkVersion, type Framework, installedVersion } from '../../project/framework-version.ts'
import { imageModules } from '../image-modules.ts'
import { refuseSecondPlugin } from '../refuse-second-plugin.ts'
import { type AstroDone, type AstroServer, createAstroTypes } from './astro-types.ts'
import { type MarkdownProcessor, remarkPictures, withPictures } from './markdown-images.ts'
import { markdownPictures } from './markdown-pictures.ts'

const NAME = 'unplugin-imagegen'

const ASTRO: Framework = { name: 'Astro', packageName: 'astro', oldest: 5, newest: 7 }

/** As much of what Astro's hooks get as is used. */
export interface AstroSetup {
  readonly config: {
    readonly root: URL
    readonly integrations: readonly { readonly name: string }[]
    readonly vite: { readonly plugins?: unknown }
    readonly image: { readonly service: { readonly entrypoint: string } }
    /** Astro 7 has a processor; before, remark has plugins. */
    readonly markdown: { readonly processor?: MarkdownProcessor }
  }
  readonly logger: { warn(message: string): void }
  updateConfig(config: AstroChanges): unknown
}

/** What the integration changes of Astro's configuration. */
export interface AstroChanges {
  readonly vite: { readonly plugins: PluginOption[] }
  readonly image: { readonly service: { readonly entrypoint: string } }
  readonly markdown:
    | { readonly processor: MarkdownProcessor }
    | { readonly remarkPlugins: (typeof remarkPictures)[] }
}

/** An integration as Astro takes it. */
export interface AstroIntegration {
  readonly name: string
  readonly hooks: {
    'astro:config:setup'(setup: AstroSetup): void
    'astro:config:done'(done: AstroDone): Promise<void>
    'astro:server:setup'(setup: AstroServer): void
  }
}

export interface AstroDeps {
  createVitePlugin(options: Options | undefined): PluginOption
  /** Gives exact types as declarations; empty: there are none. */
  prepareAmbientTypes(options: Options, folder: string): Promise<string>
}

/**
 * The integration: the plugin at the project's root, images that `astro:assets` shows as they are,
 * pictures in Markdown, and types.
 */
export function createAstroIntegration(
  options: Options | undefined,
  { createVitePlugin, prepareAmbientTypes }: AstroDeps,
): AstroIntegration {
  const types = createAstroTypes(folder => prepareAmbientTypes(options ?? {}, folder))
  return {
    name: NAME,
    hooks: {
      'astro:config:setup'({ config, logger, updateConfig }) {
        const warning = checkVersion(
          ASTRO,
          installedVersion(fileURLToPath(config.root), ASTRO.packageName),
        )
        if (warning !== undefined) logger.warn(warning)
        refuseSecondIntegration(config.integrations)
        refuseSecondPlugin(config.vite.plugins, 'unplugin-imagegen/astro')
        const service = config.image.service.entrypoint
        const { processor } = config.markdown
        const plugins = [
          imageModules(),
          markdownPictures(),
          serviceModule(service),
          createVitePlugin(options),
        ]
        updateConfig({
          vite: { plugins },
          image: { service: { entrypoint: SERVICE_ID } },
          markdown: processor
            ? { processor: withPictures(processor) }
            : { remarkPlugins: [remarkPictures] },
        })
      },
      'astro:config:done': done => types.inject(done),
      'astro:server:setup': ({ server }) => types.follow(server),
    },
  }
}

function refuseSecondIntegration(integrations: AstroSetup['config']['integrations']): void {
  if (integrations.filter(({ name }) => name === NAME).length < 2) return
  throw new ConfigError(
    'The integration of unplugin-imagegen/astro stands twice among `integrations`. Remove one of them.',
  )
}

/** Astro imports its image service under this name. */
const SERVICE_ID = 'virtual:imagegen/astro-image-service'

const RESOLVED_SERVICE_ID = `\0${SERVICE_ID}`

/** The image service of the project, wrapped. */
function serviceModule(entrypoint: string): Plugin {
  return {
    name: 'unplugin-imagegen:astro-image-service',
    resolveId: source => (source === SERVICE_ID ? RESOLVED_SERVICE_ID : null),
    load(id) {
      if (id !== RESOLVED_SERVICE_ID) return null
      return `import service from ${JSON.stringify(entrypoint)}
import { wrapImageService } from 'unplugin-imagegen/astro/image-service'
export default wrapImageService(service)
`
    },
  }
}
