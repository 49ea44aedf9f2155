export type Bundler = 'vite' | 'rollup' | 'rolldown' | 'webpack' | 'rspack' | 'esbuild' | 'farm'

/** A framework or a bundler: how a project shows that it uses it, and where the plugin goes. */
interface HostFacts {
  readonly bundler: Bundler
  /** Its name, for frameworks. */
  readonly framework?: string
  /** Its npm package. */
  readonly dependency: string
  /** Its configuration file, without extension, as a pattern; undefined: it has none. */
  readonly configName?: string
  readonly place?: Partial<PluginPlace>
  /** Where the plugin goes, where no list of that file takes it. */
  readonly advice?: string
  /** Its entry brings exact types, whatever the project's TypeScript configuration is. */
  readonly bringsTypes?: true
}

/** What has to stand in a configuration. */
export interface PluginPlace {
  /** The entry to import the plugin from. */
  readonly entry: string
  /** The property that lists plugins. */
  readonly list: string
  /** The list takes the name of the entry, instead of what the entry gives. */
  readonly isByName?: true
  /** The entry's function that the whole configuration is handed to, instead of a list. */
  readonly wrapper?: string
}

/** The plugin as an item of such a list. */
export function itemOf({ entry, isByName }: PluginPlace): string {
  return isByName ? `'${entry}'` : 'imagegen()'
}

/** In the order in which they count: frameworks bring Vite, and Vite brings Rollup or Rolldown. */
const HOSTS: readonly HostFacts[] = [
  {
    bundler: 'vite',
    framework: 'Astro',
    dependency: 'astro',
    configName: 'astro.config',
    place: { entry: 'unplugin-imagegen/astro', list: 'integrations' },
    bringsTypes: true,
  },
  {
    bundler: 'vite',
    framework: 'Nuxt',
    dependency: 'nuxt',
    configName: 'nuxt.config',
    place: { entry: 'unplugin-imagegen/nuxt', list: 'modules', isByName: true },
    bringsTypes: true,
  },
  {
    bundler: 'webpack',
    framework: 'Next.js',
    dependency: 'next',
    configName: 'next.config',
    place: { entry: 'unplugin-imagegen/next', wrapper: 'withImagegen' },
  },
  {
    bundler: 'vite',
    framework: 'VitePress',
    dependency: 'vitepress',
    configName: String.raw`(?:[\w.-]+/)?\.vitepress/config`,
    place: { entry: 'unplugin-imagegen/vitepress', wrapper: 'withImagegen' },
  },
  {
    bundler: 'vite',
    framework: 'electron-vite',
    dependency: 'electron-vite',
    configName: 'electron.vite.config',
    advice:
      "Add the plugin to electron.vite.config, under `renderer`:\n  import imagegen from 'unplugin-imagegen/vite'\n  … renderer: { plugins: [imagegen()] }",
  },
  {
    bundler: 'esbuild',
    framework: 'Angular',
    dependency: '@angular/build',
    advice:
      "Add the plugin as one of @angular-builders/custom-esbuild:\n  import imagegen from 'unplugin-imagegen/esbuild'\n  export default [imagegen()]",
  },
  {
    bundler: 'webpack',
    framework: 'Storybook',
    dependency: '@storybook/react-webpack5',
    advice:
      "Add the plugin to .storybook/main, in `webpackFinal`:\n  import imagegen from 'unplugin-imagegen/webpack'\n  … webpackFinal: config => ({ ...config, plugins: [...(config.plugins ?? []), imagegen()] })",
  },
  ...viteFramework('SvelteKit', '@sveltejs/kit'),
  ...viteFramework('React Router', '@react-router/dev'),
  ...viteFramework('TanStack Start', '@tanstack/react-start'),
  ...viteFramework('SolidStart', '@solidjs/start'),
  { bundler: 'vite', dependency: 'vite', configName: 'vite.config' },
  { bundler: 'farm', dependency: '@farmfe/core', configName: 'farm.config' },
  { bundler: 'rspack', dependency: '@rspack/core', configName: 'rspack.config' },
  { bundler: 'webpack', dependency: 'webpack', configName: 'webpack.config' },
  { bundler: 'rolldown', dependency: 'rolldown', configName: 'rolldown.config' },
  { bundler: 'rollup', dependency: 'rollup', configName: 'rollup.config' },
  { bundler: 'esbuild', dependency: 'esbuild' },
]

function viteFramework(framework: string, dependency: string): readonly HostFacts[] {
  return [{ bundler: 'vite', framework, dependency, configName: 'vite.config' }]
}

export interface DetectedHost {
  readonly bundler: Bundler
  readonly framework?: string
  /** The configuration file that the plugin has to be added to, when there is one. */
  readonly configFile?: string
  readonly place: PluginPlace
  readonly advice?: string
  readonly bringsTypes?: true
}

/**
 * Which framework or bundler a project uses. A framework is one of its dependencies; a bundler is
 * most surely told by its configuration file.
 * @param files paths relative to the project's root
 * @param dependencies names of all dependencies of its `package.json`
 */
export function detectHost(
  files: readonly string[],
  dependencies: readonly string[],
): DetectedHost | undefined {
  const configOf = ({ configName }: HostFacts): string | undefined =>
    files.find(
      file => configName !== undefined && new RegExp(`^${configName}\\.[cm]?[jt]s$`).test(file),
    )
  const isDependency = ({ dependency }: HostFacts): boolean => dependencies.includes(dependency)
  const found =
    HOSTS.find(host => host.framework !== undefined && isDependency(host)) ??
    HOSTS.find(host => host.framework === undefined && configOf(host) !== undefined) ??
    HOSTS.find(isDependency)
  if (!found) return undefined
  const { bundler, framework, place, advice, bringsTypes } = found
  const configFile = configOf(found)
  return {
    bundler,
    place: { entry: `unplugin-imagegen/${bundler}`, list: 'plugins', ...place },
    ...(framework !== undefined && { framework }),
    ...(configFile !== undefined && { configFile }),
    ...(advice !== undefined && { advice }),
    ...(bringsTypes && { bringsTypes }),
  }
}

/** The frameworks and bundlers among a project's dependencies, with the name that people know. */
export function knownHosts(
  dependencies: readonly string[],
): readonly { readonly dependency: string; readonly name: string }[] {
  return HOSTS.filter(({ dependency }) => dependencies.includes(dependency)).map(
    ({ dependency, framework, bundler }) => ({ dependency, name: framework ?? bundler }),
  )
}

/**
 * What to write into a host's configuration.
 * @param isCommonJs whether that configuration is a CommonJS module
 */
export function renderPluginHint(host: DetectedHost, isCommonJs = false): string {
  const { bundler, framework, configFile, place, advice } = host
  if (advice !== undefined) return advice
  const where = configFile ?? `the ${framework ?? bundler} configuration`
  if (place.wrapper !== undefined) {
    return `Add the plugin to ${where}:\n  ${importLine(place, isCommonJs)}\n  ${isCommonJs ? 'module.exports =' : 'export default'} ${place.wrapper}(…)`
  }
  const imported = place.isByName ? '' : `\n  ${importLine(place, isCommonJs)}`
  return `Add the plugin to ${where}:${imported}\n  … ${place.list}: [${itemOf(place)}]`
}

function importLine({ entry, wrapper }: PluginPlace, isCommonJs: boolean): string {
  const names = wrapper === undefined ? 'imagegen' : `{ ${wrapper} }`
  if (!isCommonJs) return `import ${names} from '${entry}'`
  return `const ${names} = require('${entry}')${wrapper === undefined ? '.default' : ''}`
}
