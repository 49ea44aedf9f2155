import { createRequire } from 'node:module'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type picomatch from 'picomatch'
import type { ResolvedOptions } from '../../config/options.ts'
import { DEFAULT_EXCLUDE, DEFAULT_INCLUDE } from '../../config/options-schema.ts'
import { projectPath } from '../../system/project-path.ts'

/** Which manifests belong to a project. */
export type Globs = Pick<ResolvedOptions, 'root' | 'include' | 'exclude'>

/** Absolute paths of the manifests that `include` and `exclude` select, sorted. */
export async function discoverManifests({
  root,
  include,
  exclude,
}: Globs): Promise<readonly string[]> {
  const { default: fastGlob } = await import('fast-glob')
  const files = await fastGlob([...include], {
    cwd: root,
    ignore: [...exclude],
    absolute: true,
    dot: false,
    followSymbolicLinks: false,
  })
  return files.map(file => path.normalize(file)).sort()
}

/**
 * Whether {@link discoverManifests} would find a file, by its absolute path alone: a build that
 * meets one manifest need not search the project for it.
 */
export function createManifestFilter({ root, include, exclude }: Globs): (file: string) => boolean {
  const areDefaults =
    isDeepStrictEqual(include, DEFAULT_INCLUDE) && isDeepStrictEqual(exclude, DEFAULT_EXCLUDE)
  const selects = areDefaults ? isSelectedByDefault : createNameFilter(include, exclude)
  return file => selects(projectPath(root, file))
}

/** What the defaults select. The library for patterns takes 4 ms to load, in every build. */
function isSelectedByDefault(name: string): boolean {
  const segments = name.split('/')
  return (
    /.\.image\.ya?ml$/.test(name) &&
    !segments.some(it => it.startsWith('.') || it === 'node_modules' || it === 'dist')
  )
}

/** @returns takes a path relative to the root, with slashes */
function createNameFilter(
  include: readonly string[],
  exclude: readonly string[],
): (name: string) => boolean {
  const match: typeof picomatch = createRequire(import.meta.url)('picomatch')
  const wanted = include.filter(pattern => !pattern.startsWith('!'))
  const unwanted = include.filter(pattern => !wanted.includes(pattern)).map(p => p.slice(1))
  const isIncluded = match(wanted)
  const isExcluded = match([...exclude, ...unwanted], { dot: true })

  return name => {
    if (!isIncluded(name)) return false
    // A search does not enter a folder that is excluded.
    for (let at = name; at !== '.' && at !== path.posix.dirname(at); at = path.posix.dirname(at)) {
      if (isExcluded(at)) return false
    }
    return true
  }
}
