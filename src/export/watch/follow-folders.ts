import { type FSWatcher, watch } from 'node:fs'
import path from 'node:path'
import glob from 'fast-glob'

export interface FollowOptions {
  /** Absolute path. */
  readonly root: string
  /** Globs of what is not followed. */
  readonly exclude: readonly string[]
  /** Absolute path of a folder that is not followed either. */
  readonly skip: string
  /** A file changed, came or went. Takes an absolute path. */
  onChange(file: string): void
  /** Files came or went, maybe whole folders. Called after a quiet while. */
  onNames(): void
  onError(error: Error): void
}

/** Tells of changes of files below a project. */
export interface FollowedFolders {
  /** Follows the folders of these files too. Absolute paths. */
  add(files: Iterable<string>): void
  close(): void
}

/** Milliseconds without a change of names before folders are searched again. */
const QUIET = 100

/** One watcher a folder: only some systems watch whole trees. */
export async function followFolders(options: FollowOptions): Promise<FollowedFolders> {
  const following: Following = {
    ...options,
    watchers: new Map(),
    timer: undefined,
    isClosed: false,
    warned: new Set(),
  }
  await searchFolders(following)
  return {
    add(files) {
      for (const file of files) followFolder(following, path.dirname(file))
    },
    close() {
      following.isClosed = true
      clearTimeout(following.timer)
      for (const watcher of following.watchers.values()) watcher.close()
      following.watchers.clear()
    },
  }
}

interface Following extends FollowOptions {
  /** By the folder's absolute path. */
  readonly watchers: Map<string, FSWatcher>
  timer: ReturnType<typeof setTimeout> | undefined
  isClosed: boolean
  readonly warned: Set<string>
}

async function searchFolders(following: Following): Promise<void> {
  const { root, exclude } = following
  const folders = await glob('**', {
    cwd: root,
    ignore: [...exclude, '**/node_modules/**'],
    onlyDirectories: true,
    absolute: true,
    dot: false,
    followSymbolicLinks: false,
    suppressErrors: true,
  })
  for (const folder of [root, ...folders]) followFolder(following, path.normalize(folder))
}

function followFolder(following: Following, folder: string): void {
  const { watchers, skip, isClosed, onChange } = following
  const isSkipped = folder === skip || folder.startsWith(skip + path.sep)
  if (isClosed || isSkipped || watchers.has(folder)) return
  try {
    const watcher = watch(folder, (event, name) => {
      if (following.isClosed) return
      if (name !== null) onChange(path.join(folder, name))
      if (event === 'rename') searchSoon(following)
    })
    watchers.set(folder, watcher)
    watcher.on('error', error => {
      forget(following, folder)
      tell(following, error)
    })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // It went in this moment.
    if (!('code' in error && error.code === 'ENOENT')) tell(following, error)
  }
}

/** A folder that was removed and made again has another watcher. */
function searchSoon(following: Following): void {
  clearTimeout(following.timer)
  following.timer = setTimeout(() => {
    searchFolders(following).then(
      () => {
        if (!following.isClosed) following.onNames()
      },
      (error: Error) => tell(following, error),
    )
  }, QUIET)
}

function forget({ watchers }: Following, folder: string): void {
  watchers.get(folder)?.close()
  watchers.delete(folder)
}

function tell({ warned, onError, isClosed }: Following, error: Error): void {
  if (isClosed || warned.has(error.message)) return
  warned.add(error.message)
  onError(error)
}
