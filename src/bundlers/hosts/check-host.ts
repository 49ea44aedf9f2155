import { checkVersion, type Framework } from '../../project/framework-version.ts'
import { entryError, type HostName } from './entry-error.ts'

/** The versions that were tried; what has none here says itself what it cannot do. */
const VERSIONS: Readonly<Partial<Record<HostName, Framework>>> = {
  vite: { name: 'Vite', packageName: 'vite', oldest: 5, oldestMinor: 4, newest: 8 },
  rollup: { name: 'Rollup', packageName: 'rollup', oldest: 4, newest: 4 },
  rolldown: { name: 'Rolldown', packageName: 'rolldown', oldest: 1, newest: 1 },
  webpack: { name: 'webpack', packageName: 'webpack', oldest: 5, newest: 5 },
  rspack: { name: 'Rspack', packageName: '@rspack/core', oldest: 1, newest: 2 },
}

/** A host, as it shows itself to a plugin. */
export interface ActualHost {
  readonly name: HostName
  /** Absent where it does not tell. */
  readonly version?: string | undefined
}

/**
 * Checks that a plugin runs where it belongs. A version that nobody has tried is a warning.
 * @throws ConfigError where it is another host, or one that is too old
 */
export function checkHost(expected: HostName, { name, version }: ActualHost): void {
  if (name !== expected) throw entryError(expected, name)
  const known = VERSIONS[name]
  const warning = known && version !== undefined ? checkVersion(known, version) : undefined
  if (warning !== undefined) process.emitWarning(warning)
}

/** As much of the `meta` of a Rollup-like host as is used. */
export interface RollupMeta {
  readonly rollupVersion?: string
  readonly rolldownVersion?: string
  readonly viteVersion?: string
}

/** Vite tells its version from 7 on, Rolldown has one of Rollup's beside its own. */
export function rollupHost({
  rollupVersion,
  rolldownVersion,
  viteVersion,
}: RollupMeta): ActualHost {
  if (viteVersion !== undefined) return { name: 'vite', version: viteVersion }
  if (rolldownVersion !== undefined) return { name: 'rolldown', version: rolldownVersion }
  return { name: 'rollup', version: rollupVersion }
}

/** Whether something is a compiler of webpack or Rspack, of whatever version. */
export function webpackHost(compiler: unknown): ActualHost | undefined {
  const { hooks, webpack, options } = Object(compiler)
  if (typeof hooks?.compilation?.tap !== 'function' || !options) return undefined
  // The one before webpack 5 does not tell its version.
  if (webpack === undefined) return { name: 'webpack', version: '4' }
  const { rspackVersion, version } = Object(webpack)
  if (typeof rspackVersion === 'string') return { name: 'rspack', version: rspackVersion }
  return { name: 'webpack', version: typeof version === 'string' ? version : undefined }
}
