/** What one folder tells about where a project lies. */
export interface FolderFacts {
  /** Absolute path. */
  readonly folder: string
  /** Absolute path of its `imagegen.config.*`. */
  readonly config: string | undefined
  /** Whether it has `.imagegen/entries`. */
  readonly hasCache: boolean
  /** `named`: its `package.json` has a name or dependencies; others only set a module format. */
  readonly packageFile: 'named' | 'bare' | undefined
  /** What marks it as the root of a repository. */
  readonly marks: ReadonlySet<RepositoryMark>
}

/** From the surest to the weakest: a package inside a repository may have a lock file of its own. */
const MARKS = ['git', 'workspace', 'lock'] as const

export type RepositoryMark = (typeof MARKS)[number]

export interface ChosenProject {
  /** Absolute path of the folder where configuration, cache and types lie. */
  readonly root: string
  /** Absolute path of `imagegen.config.*`; undefined when none is in sight. */
  readonly config: string | undefined
  /** Absolute paths of the folders in sight, from the start up to the repository's root. */
  readonly inSight: readonly string[]
  /** The last of them, where something marks it as the root of a repository or a package. */
  readonly repository: string | undefined
  /** Those of them that have a cache. */
  readonly withCache: readonly string[]
}

/**
 * The one rule by which plugin and command line find the project: the nearest configuration file,
 * else the nearest cache, else the nearest package, no further than the repository's root.
 * @param upwards from the start up to the root of the file system
 * @param beginsHere whether the nearest package counts even if it has neither name nor dependencies
 */
export function chooseProject(
  upwards: readonly [FolderFacts, ...FolderFacts[]],
  beginsHere = false,
): ChosenProject {
  const inSight = upwards.slice(0, indexOfRepository(upwards) + 1)
  const last = inSight.at(-1)
  const isMarked = last && (last.marks.size > 0 || last.packageFile !== undefined)
  const nearest = (is: (facts: FolderFacts) => boolean) => inSight.find(is)
  const config = nearest(facts => facts.config !== undefined)
  const chosen =
    config ??
    nearest(({ hasCache }) => hasCache) ??
    (beginsHere ? undefined : nearest(({ packageFile }) => packageFile === 'named')) ??
    nearest(({ packageFile }) => packageFile !== undefined) ??
    nearest(({ marks }) => marks.size > 0) ??
    upwards[0]
  return {
    root: chosen.folder,
    config: config?.config,
    inSight: inSight.map(({ folder }) => folder),
    repository: isMarked ? last.folder : undefined,
    withCache: inSight.filter(({ hasCache }) => hasCache).map(({ folder }) => folder),
  }
}

/** Without any mark, the topmost package bounds the search; without one, nothing does. */
function indexOfRepository(upwards: readonly FolderFacts[]): number {
  for (const mark of MARKS) {
    const at = upwards.findIndex(({ marks }) => marks.has(mark))
    if (at >= 0) return at
  }
  const topmost = upwards.findLastIndex(({ packageFile }) => packageFile !== undefined)
  return topmost >= 0 ? topmost : upwards.length - 1
}
