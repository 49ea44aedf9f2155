import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { readProcessVariable } from '../../config/environment.ts'
import type { Options } from '../../config/options.ts'
import { VERSION } from '../../config/version.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { checkVersion, type Framework, installedVersion } from '../../project/framework-version.ts'

const NEXT: Framework = { name: 'Next.js', packageName: 'next', oldest: 15, newest: 16 }

const LOADER = 'unplugin-imagegen/next/loader'

const MANIFEST = /\.image\.ya?ml$/

/** As much of Next's configuration as is used; the rest is handed on. */
export interface NextConfig {
  readonly turbopack?: { readonly rules?: object }
  webpack?: NextWebpack | null
}

type NextWebpack = (config: never, context: never) => unknown

/** What the loader gets: plain values, as Turbopack hands over nothing else. */
export interface NextLoaderOptions {
  readonly options: Options
  /** Absolute path of a folder for the files of modules. It is there before Turbopack resolves any. */
  readonly folder: string
  /** What Turbopack, which keeps what a loader gave from build to build, has to see a change of. */
  readonly state: string
}

/**
 * Makes Next.js take manifests, by Turbopack and by webpack, with one loader.
 * @param options plain values; functions stand in `imagegen.config.*`
 * @throws ConfigError where Next.js is too old, or an option is not a plain value
 */
export function addImagegen<Config extends object>(
  config: Config & NextConfig,
  options: Options,
): Config {
  refuseFunctions(options, 'options')
  refuseList(options)
  const root = process.cwd()
  const warning = checkVersion(NEXT, installedVersion(root, NEXT.packageName))
  if (warning !== undefined) process.emitWarning(warning)
  const folder = path.join(root, 'node_modules/.cache/unplugin-imagegen-next')
  // Turbopack does not see a folder that appears while it resolves.
  mkdirSync(folder, { recursive: true })
  const state = `${VERSION} ${readProcessVariable('IMAGEGEN_MODE') ?? ''}`
  const given: NextLoaderOptions = { options, folder, state }
  const loader = { loader: LOADER, options: given }
  const rule = { loaders: [loader], as: '*.js' }
  return {
    ...config,
    turbopack: {
      ...config.turbopack,
      rules: { ...config.turbopack?.rules, '*.image.yaml': rule, '*.image.yml': rule },
    },
    webpack(before: never, context: never) {
      const changed = config.webpack?.(before, context) ?? before
      const { rules } = Object(changed).module
      rules.push({ test: MANIFEST, type: 'javascript/auto', sideEffects: false, use: [loader] })
      return changed
    },
  }
}

/** Names the option that Turbopack could not hand over. */
function refuseFunctions(value: unknown, name: string): void {
  if (typeof value === 'function' || (typeof value === 'object' && isInstance(value))) {
    throw new ConfigError(
      `\`${name}\` of withImagegen() is not a plain value, and Turbopack hands over nothing else. Move it to imagegen.config.ts.`,
    )
  }
  for (const [key, member] of Object.entries(Object(value))) {
    if (typeof value === 'object') refuseFunctions(member, `${name}.${key}`)
  }
}

function isInstance(value: object | null): boolean {
  if (value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype !== Object.prototype && prototype !== null
}

/** @throws ConfigError where the options want a list of images, which no hook of Next.js could write */
export function refuseList({ assets }: { readonly assets?: string | undefined }): void {
  if (assets === undefined) return
  throw new ConfigError(
    'Option `assets` does not work with Next.js. Write a list of images with `imagegen export --data FILE` instead.',
  )
}
