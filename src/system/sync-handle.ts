import { fsync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'

const sync = promisify(fsync)

/**
 * Flushes an open file or folder to its disk, as `handle.sync()` does: the same system call. Yarn's
 * Plug'n'Play puts its own file handles in the place of Node's, and those have no `sync()`.
 */
export function syncHandle({ fd }: Pick<FileHandle, 'fd'>): Promise<void> {
  return sync(fd)
}
