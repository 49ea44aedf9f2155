export type Bundler = 'vite' | 'rollup' | 'rolldown' | 'webpack' | 'rspack' | 'esbuild' | 'farm'

interface BundlerFacts {
  readonly bundler: Bundler
  /** Its npm package. */
  readonly dependency: string
  /** Its configuration file, without extension; undefined: it has none. */
  readonly configName?: string
}

/** In the order in which they count: Vite brings Rollup or Rolldown along. */
const BUNDLERS: readonly BundlerFacts[] = [
  { bundler: 'vite', dependency: 'vite', configName: 'vite.config' },
  { bundler: 'farm', dependency: '@farmfe/core', configName: 'farm.config' },
  { bundler: 'rspack', dependency: '@rspack/core', configName: 'rspack.config' },
  { bundler: 'webpack', dependency: 'webpack', configName: 'webpack.config' },
  { bundler: 'rolldown', dependency: 'rolldown', configName: 'rolldown.config' },
  { bundler: 'rollup', dependency: 'rollup', configName: 'rollup.config' },
  { bundler: 'esbuild', dependency: 'esbuild' },
]

export interface DetectedBundler {
  readonly bundler: Bundler
  /** The configuration file that the plugin has to be added to, when there is one. */
  readonly configFile?: string
}

/**
 * Which bundler a project uses: its configuration file says so most surely, then its dependencies.
 * @param files names in the project's root
 * @param dependencies names of all dependencies of its `package.json`
 */
export function detectBundler(
  files: readonly string[],
  dependencies: readonly string[],
): DetectedBundler | undefined {
  for (const { bundler, configName } of BUNDLERS) {
    const configFile = files.find(
      file => configName !== undefined && new RegExp(`^${configName}\\.[cm]?[jt]s$`).test(file),
    )
    if (configFile) return { bundler, configFile }
  }
  const known = BUNDLERS.find(({ dependency }) => dependencies.includes(dependency))
  return known && { bundler: known.bundler }
}

/** What to write into a bundler's configuration. */
export function renderPluginHint({ bundler, configFile }: DetectedBundler): string {
  const where = configFile ?? `the ${bundler} configuration`
  return `Add the plugin to ${where}:
  import imagegen from 'unplugin-imagegen/${bundler}'
  … plugins: [imagegen()]`
}
