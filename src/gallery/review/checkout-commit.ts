import { copyFile, link, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ConfigError } from '../../errors/config-error.ts'
import { projectPath } from '../../system/project-path.ts'
import { findRepository, GitError, readGitFiles, runGit } from '../git/run-git.ts'

/** What a project's images depended on in a commit, written to disk. */
export interface CommitCheckout {
  /** Short hash. */
  readonly commit: string
  /** Absolute path of the project's root as it was. */
  readonly root: string
  /** Its cache: the entries of the commit, and those that are there now. */
  readonly cacheDir: string
  remove(): Promise<void>
}

export interface CheckoutOptions {
  /** Absolute paths of the project as it is. */
  readonly root: string
  readonly cacheDir: string
  /** A branch, tag or hash. */
  readonly since: string
}

/** Files that manifests, their references and a configuration are. */
const NEEDED = /\.(?:ya?ml|png|jpe?g|webp|avif|json)$|(?:^|\/)imagegen\.config\.[cm]?[jt]s$/i

/** Bytes of files that are read from git at once. */
const BATCH = 64 * 1024 * 1024

/** What an original may have at most, in a commit. */
const LARGEST = 256 * 1024 * 1024

interface TreeFile {
  /** Relative to the project's root, with slashes. */
  readonly path: string
  readonly hash: string
  readonly size: number
}

/**
 * Writes a commit's manifests, pictures and entries into a folder of its own. The working tree, the
 * index and the cache stay as they are.
 * @throws ConfigError when there is no repository, or no such commit
 */
export async function checkoutCommit(options: CheckoutOptions): Promise<CommitCheckout> {
  const { root, cacheDir, since } = options
  const hash = await resolveCommit(root, since)
  const commit = (await runGit(root, ['rev-parse', '--short', hash])).toString('utf8').trim()
  const files = await listTree(root, hash)
  const folder = await makeFolder(cacheDir)
  const remove = () => rm(folder, { recursive: true, force: true })
  const then = { root: path.join(folder, 'project'), cacheDir: path.join(folder, 'cache') }
  try {
    await mkdir(then.root, { recursive: true })
    for (const part of ['entries', 'blobs']) {
      await linkTree(path.join(cacheDir, part), path.join(then.cacheDir, part))
    }
    const cache = `${projectPath(root, cacheDir)}/`
    const wanted = files.flatMap(file => placeOf(file, cache, then))
    for (const batch of inBatches(wanted)) await writeBatch(root, batch)
    return { commit, ...then, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

async function resolveCommit(root: string, since: string): Promise<string> {
  if (!(await findRepository(root))) {
    throw new ConfigError(
      `${root} is not in a git repository, or git is not installed, so \`--since\` has nothing to compare with.`,
    )
  }
  try {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${since}^{commit}`]
    return (await runGit(root, args)).toString('utf8').trim()
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    throw new ConfigError(
      `The repository has no commit ${JSON.stringify(since)}. Name a branch, a tag or a hash. In CI, fetch it first: a shallow clone has only the latest commit.`,
      { cause: error },
    )
  }
}

/** Its files below the project's root. Links and submodules are left out. */
async function listTree(root: string, hash: string): Promise<readonly TreeFile[]> {
  const output = await runGit(root, ['ls-tree', '-r', '-l', '-z', hash])
  return output
    .toString('utf8')
    .split('\0')
    .flatMap(line => {
      const found = /^100\d+ blob ([0-9a-f]+)\s+(\d+)\t([\s\S]+)$/.exec(line)
      const [, object = '', size = '', file = ''] = found ?? []
      return found ? [{ path: file, hash: object, size: Number(size) }] : []
    })
}

/** Inside the cache, so that modules that a configuration imports are found, and links can be made. */
async function makeFolder(cacheDir: string): Promise<string> {
  const local = path.join(cacheDir, 'local', 'tmp')
  try {
    await mkdir(local, { recursive: true })
    return await mkdtemp(path.join(local, 'review-'))
  } catch {
    return mkdtemp(path.join(tmpdir(), 'imagegen-review-'))
  }
}

interface PlacedFileOfTree extends TreeFile {
  readonly target: string
}

function placeOf(
  file: TreeFile,
  cache: string,
  then: Pick<CommitCheckout, 'root' | 'cacheDir'>,
): readonly PlacedFileOfTree[] {
  if (file.size > LARGEST) return []
  if (!file.path.startsWith(cache)) {
    return NEEDED.test(file.path) ? [{ ...file, target: path.join(then.root, file.path) }] : []
  }
  const inside = file.path.slice(cache.length)
  const isStored = inside.startsWith('entries/') || inside.startsWith('blobs/')
  return isStored ? [{ ...file, target: path.join(then.cacheDir, inside) }] : []
}

function* inBatches(files: readonly PlacedFileOfTree[]): Iterable<readonly PlacedFileOfTree[]> {
  let batch: PlacedFileOfTree[] = []
  let size = 0
  for (const file of files) {
    if (size + file.size > BATCH && batch.length > 0) {
      yield batch
      batch = []
      size = 0
    }
    batch.push(file)
    size += file.size
  }
  yield batch
}

async function writeBatch(root: string, batch: readonly PlacedFileOfTree[]): Promise<void> {
  const hashes = batch.map(({ hash }) => hash)
  const contents = await readGitFiles(root, hashes, LARGEST + BATCH)
  for (const [index, { target }] of batch.entries()) {
    const bytes = contents[index]
    if (!bytes) continue
    await mkdir(path.dirname(target), { recursive: true })
    await writeFile(target, bytes, { flag: 'wx' }).catch(ignoreExisting)
  }
}

/** What the cache has now counts: entries and blobs of one name never differ. */
function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}

async function linkTree(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true }).catch(() => [])
  if (entries.length > 0) await mkdir(to, { recursive: true })
  for (const entry of entries) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)]
    if (entry.isDirectory()) await linkTree(source, target)
    // Across devices there are no links.
    else if (entry.isFile()) await link(source, target).catch(() => copyFile(source, target))
  }
}
