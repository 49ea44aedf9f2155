import path from 'node:path'
import picomatch from 'picomatch'
import type { ResolvedOptions } from '../../config/options.ts'
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
  const wanted = include.filter(pattern => !pattern.startsWith('!'))
  const unwanted = include.filter(pattern => !wanted.includes(pattern)).map(p => p.slice(1))
  const isIncluded = picomatch(wanted)
  const isExcluded = picomatch([...exclude, ...unwanted], { dot: true })

  return file => {
    const name = projectPath(root, file)
    if (!isIncluded(name)) return false
    // A search does not enter a folder that is excluded.
    for (let at = name; at !== '.' && at !== path.posix.dirname(at); at = path.posix.dirname(at)) {
      if (isExcluded(at)) return false
    }
    return true
  }
}
