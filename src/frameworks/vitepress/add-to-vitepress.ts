import type { PluginOption } from 'vite'
import type { Options } from '../../config/options.ts'
import { checkVersion, type Framework, installedVersion } from '../../project/framework-version.ts'
import { type MarkdownItHost, vueMarkdownPictures } from '../markdown/vue-markdown-pictures.ts'
import { refuseSecondPlugin } from '../refuse-second-plugin.ts'

const VITEPRESS: Framework = { name: 'VitePress', packageName: 'vitepress', oldest: 1, newest: 2 }

/** As much of VitePress's configuration as is used; the rest is handed on. */
export interface VitePressConfig {
  readonly vite?: { readonly plugins?: unknown }
  readonly markdown?: { readonly config?: (md: never) => unknown }
}

export interface VitePressDeps {
  readonly options: Options
  createVitePlugin(options: Options): PluginOption
}

/**
 * Makes VitePress take manifests: in components and in Markdown.
 * @throws ConfigError where VitePress is too old, or the plugin is there already
 */
export function addToVitePress<Config extends object>(
  config: Config & VitePressConfig,
  { options, createVitePlugin }: VitePressDeps,
): Config {
  const warning = checkVersion(VITEPRESS, installedVersion(process.cwd(), VITEPRESS.packageName))
  if (warning !== undefined) process.emitWarning(warning)
  const { vite, markdown } = config
  const plugins = Array.isArray(vite?.plugins) ? vite.plugins : []
  refuseSecondPlugin(plugins, 'withImagegen() of unplugin-imagegen/vitepress')
  return {
    ...config,
    vite: { ...vite, plugins: [createVitePlugin(options), ...plugins] },
    markdown: {
      ...markdown,
      config(md: MarkdownItHost) {
        vueMarkdownPictures(md)
        return markdown?.config?.(md as never)
      },
    },
  }
}
