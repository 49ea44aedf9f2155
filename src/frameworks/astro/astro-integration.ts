import { fileURLToPath } from 'node:url'
import type { Plugin, PluginOption } from 'vite'
import type { Options } from '../../config/options.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { checkVersion, type Framework, installedVersion } from '../../project/framework-version.ts'
import { imageModules } from '../image-modules.ts'
import { refuseSecondPlugin } from '../refuse-second-plugin.ts'
import { type MarkdownProcessor, remarkPictures, withPictures } from './markdown-images.ts'

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

/** As much as is used of what Astro hands over once its configuration is settled. */
export interface AstroDone {
  injectTypes(types: { readonly filename: `${string}.d.ts`; readonly content: string }): unknown
}

/** An integration as Astro takes it. */
export interface AstroIntegration {
  readonly name: string
  readonly hooks: {
    'astro:config:setup'(setup: AstroSetup): void
    'astro:config:done'(done: AstroDone): void
  }
}

/** Types every manifest loosely; exact types that `imagegen sync` writes come before these. */
const TYPES = '/// <reference types="unplugin-imagegen/client" />\n'

/**
 * The integration: the plugin at the project's root, images that `astro:assets` shows as they are,
 * pictures in Markdown, and types.
 * @param createVitePlugin the plugin for Vite
 */
export function createAstroIntegration(
  options: Options | undefined,
  createVitePlugin: (options: Options | undefined) => PluginOption,
): AstroIntegration {
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
        updateConfig({
          vite: { plugins: [imageModules(), serviceModule(service), createVitePlugin(options)] },
          image: { service: { entrypoint: SERVICE_ID } },
          markdown: processor
            ? { processor: withPictures(processor) }
            : { remarkPlugins: [remarkPictures] },
        })
      },
      'astro:config:done'({ injectTypes }) {
        injectTypes({ filename: 'imagegen.d.ts', content: TYPES })
      },
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
