import { randomUUID } from 'node:crypto'
import { readProcessVariable } from '../../config/environment.ts'
import type { Options } from '../../config/options.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { checkVersion, type Framework, installedVersion } from '../../project/framework-version.ts'
import { createFolder, FILE_EXTENSIONS, standInName } from './next-files.ts'
import type { NextFileOptions, NextLoaderOptions, NextLoaderRule } from './next-loader-options.ts'
import { refuseFunctions } from './refuse-functions.ts'
import { refuseList } from './refuse-list.ts'
import { addWebpackRules, type NextWebpackContext } from './webpack-rules.ts'

const NEXT: Framework = {
  name: 'Next.js',
  packageName: 'next',
  oldest: 15,
  // The first one that has `turbopack` in its configuration.
  oldestMinor: 3,
  newest: 16,
}

const LOADER = 'unplugin-imagegen/next/loader'

const GLOBS = ['*.image.yaml', '*.image.yml']

const RUN = randomUUID()

/** As much of Next's configuration as is used; the rest is handed on. */
export interface NextConfig {
  readonly turbopack?: { readonly rules?: object }
  webpack?: NextWebpack | null
}

type NextWebpack = (config: never, context: never) => unknown

/**
 * Makes Next.js take manifests, by Turbopack and by webpack, with one loader.
 * @param options plain values; functions stand in `imagegen.config.*`
 * @throws ConfigError where Next.js is too old, an option is not a plain value, or manifests have a
 *   rule already
 */
export function addImagegen<Config extends object>(
  config: Config & NextConfig,
  options: Options,
): Config {
  refuseFunctions(options, 'options')
  refuseList(options)
  refuseSecondRule(config)
  const root = process.cwd()
  const warning = checkVersion(NEXT, installedVersion(root, NEXT.packageName))
  if (warning !== undefined) process.emitWarning(warning)
  const mode = readProcessVariable('NODE_ENV') ?? 'production'
  const given = { options, folder: createFolder(root), run: RUN, mode }
  return {
    ...config,
    turbopack: {
      ...config.turbopack,
      rules: { ...config.turbopack?.rules, ...turbopackRules(given) },
    },
    webpack(before: never, context: NextWebpackContext) {
      const changed = config.webpack?.(before, context as never) ?? before
      addWebpackRules(changed, context, {
        loader: LOADER,
        options: { ...given, bundler: 'webpack' },
      })
      return changed
    },
  }
}

function turbopackRules(
  given: Omit<NextLoaderOptions, 'bundler'>,
): Readonly<Record<string, object>> {
  const ofManifests: NextLoaderRule<NextLoaderOptions> = {
    loader: LOADER,
    options: { ...given, bundler: 'turbopack' },
  }
  const ofFiles: NextLoaderRule<NextFileOptions> = {
    loader: LOADER,
    options: { filesIn: given.folder },
  }
  return Object.fromEntries([
    ...GLOBS.map(glob => [glob, { loaders: [ofManifests], as: '*.js' }]),
    ...FILE_EXTENSIONS.map(extension => [
      standInName(extension),
      { loaders: [ofFiles], as: `*.${extension}` },
    ]),
  ])
}

function refuseSecondRule({ turbopack }: NextConfig): void {
  const glob = GLOBS.find(name => name in Object(turbopack?.rules))
  if (glob === undefined) return
  throw new ConfigError(
    `\`turbopack.rules\` of next.config has a rule for ${glob} already, and withImagegen() brings one. Remove that rule, or the second withImagegen().`,
  )
}
