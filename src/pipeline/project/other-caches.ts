import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { ResolvedOptions } from '../../config/options.ts'
import { TwoCachesError } from '../../errors/two-caches-error.ts'
import type { LoadedProject } from '../../project/load-project.ts'
import { isInside, projectPath } from '../../system/project-path.ts'

/** The caches in sight of a project, and how surely its own is named. */
export interface CacheSight {
  /** Absolute paths of folders with a cache, from the start up to the repository's root. */
  readonly withCache: readonly string[]
  /** `exactly`: `root` or `cacheDir` is written somewhere; `nearby`: a configuration file lies there. */
  readonly named: 'exactly' | 'nearby' | 'not'
}

export function cacheSightOf({ found, options, isRootWritten }: LoadedProject): CacheSight {
  const isExact = isRootWritten || options.cacheDir !== undefined
  const named = isExact ? 'exactly' : found.config === undefined ? 'not' : 'nearby'
  return { withCache: found.withCache, named }
}

/**
 * Stops a request for a picture that another cache in sight may have: one above, in the bundler's
 * root, or nearer to the manifest. 0.1.0 kept a cache in each place where it was started.
 * @param manifests absolute paths of the manifests whose images are missing
 * @throws TwoCachesError with the command that merges them
 */
export async function checkOtherCaches(
  { root, cacheDir }: Pick<ResolvedOptions, 'root' | 'cacheDir'>,
  { withCache, named }: CacheSight,
  manifests: readonly string[],
): Promise<void> {
  if (named === 'exactly') return
  const present = new Set(await entriesOf(cacheDir))
  // A configuration file beside a cache says which one counts, but not beside none.
  if (named === 'nearby' && present.size > 0) return
  // What a package ships is no second cache of the project: it is read before anything is requested.
  const own = manifests.filter(file => !isInstalled(projectPath(root, file)))
  const nearer = foldersBelow(root, own.map(path.dirname))
  const above = named === 'not' ? withCache : withCache.filter(folder => isInside(root, folder))
  for (const folder of new Set([...above, ...nearer])) {
    const other = path.join(folder, '.imagegen')
    if (other === cacheDir) continue
    const lacking = (await entriesOf(other)).filter(entry => !present.has(entry))
    if (lacking.length > 0) throw twoCaches(cacheDir, other, lacking.length)
  }
}

function twoCaches(cacheDir: string, other: string, lacking: number): TwoCachesError {
  const [from, root] = isInside(path.dirname(cacheDir), other)
    ? [other, path.dirname(cacheDir)]
    : [cacheDir, path.dirname(other)]
  const originals = lacking === 1 ? '1 original' : `${lacking} originals`
  return new TwoCachesError(
    `There are two caches: ${other} has ${originals} that ${cacheDir} does not have. Nothing was requested, because the missing images may be there. Merge the caches with \`imagegen pull --root ${root} --from ${from}\`, then delete ${from}. If they belong to different projects, put an imagegen.config.ts into ${path.dirname(cacheDir)}, or set \`root\` in it.`,
  )
}

function isInstalled(name: string): boolean {
  return name.split('/').includes('node_modules')
}

/** The folders and those above them, inside the root. */
function foldersBelow(root: string, folders: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const folder of folders) {
    for (let at = folder; isInside(root, at) && !found.has(at); at = path.dirname(at)) found.add(at)
  }
  return found
}

/** Names of the entries of a cache directory. */
async function entriesOf(cacheDir: string): Promise<readonly string[]> {
  const names = await readdir(path.join(cacheDir, 'entries'), { recursive: true }).catch(() => [])
  return names.filter(name => name.endsWith('.json'))
}
